<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>Actions</name>
    <message>
        <source>&amp;Open images…</source>
        <translation>打开图像(&amp;O)…</translation>
    </message>
    <message>
        <source>Classify images</source>
        <translation>对图像分类</translation>
    </message>
    <message>
        <source>Open &amp;folder…</source>
        <translation>打开文件夹(&amp;F)…</translation>
    </message>
    <message>
        <source>Classify the images of a folder</source>
        <translation>对文件夹中的图像分类</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>粘贴(&amp;P)</translation>
    </message>
    <message>
        <source>Classify files, a picture or a web address from the clipboard</source>
        <translation>对剪贴板中的文件、图片或网址分类</translation>
    </message>
    <message>
        <source>&amp;Save results…</source>
        <translation>保存结果(&amp;S)…</translation>
    </message>
    <message>
        <source>Write the results as JSON lines or CSV</source>
        <translation>将结果写为 JSON Lines 或 CSV</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Copy candidates</source>
        <translation>复制候选(&amp;C)</translation>
    </message>
    <message>
        <source>Copy the ranked candidates as text</source>
        <translation>将候选排名复制为文本</translation>
    </message>
    <message>
        <source>Classify &amp;again</source>
        <translation>重新分类(&amp;A)</translation>
    </message>
    <message>
        <source>Classify the selected images again with the current model</source>
        <translation>用当前模型重新分类所选图像</translation>
    </message>
    <message>
        <source>&amp;Explain all</source>
        <translation>全部补算(&amp;E)</translation>
    </message>
    <message>
        <source>Compute the logprobs of all images that have none</source>
        <translation>为所有缺少对数概率的图像计算对数概率</translation>
    </message>
    <message>
        <source>&amp;Remove from the list</source>
        <translation>从列表移除(&amp;R)</translation>
    </message>
    <message>
        <source>Remove the selected images from the list; the files stay</source>
        <translation>从列表移除所选图像，文件保留</translation>
    </message>
    <message>
        <source>C&amp;lear the list</source>
        <translation>清空列表(&amp;L)</translation>
    </message>
    <message>
        <source>Remove all images from the list; the files stay</source>
        <translation>从列表移除所有图像，文件保留</translation>
    </message>
    <message>
        <source>C&amp;ancel</source>
        <translation>取消(&amp;A)</translation>
    </message>
    <message>
        <source>Stop after the running batch</source>
        <translation>在当前批次之后停止</translation>
    </message>
    <message>
        <source>&amp;Logprobs</source>
        <translation>对数概率(&amp;L)</translation>
    </message>
    <message>
        <source>Compute the probabilities of the candidates</source>
        <translation>计算候选的概率</translation>
    </message>
    <message>
        <source>Show logprobs in &amp;nats</source>
        <translation>以 nat 显示对数概率(&amp;N)</translation>
    </message>
    <message>
        <source>Show logprobs in nats instead of percent</source>
        <translation>以 nat 显示对数概率，而不是百分比</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>放大(&amp;I)</translation>
    </message>
    <message>
        <source>Enlarge the image</source>
        <translation>放大图像</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>缩小(&amp;O)</translation>
    </message>
    <message>
        <source>Make the image smaller</source>
        <translation>缩小图像</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>适合窗口(&amp;F)</translation>
    </message>
    <message>
        <source>Show the whole image</source>
        <translation>显示整个图像</translation>
    </message>
    <message>
        <source>&amp;1:1</source>
        <translation>&amp;1:1</translation>
    </message>
    <message>
        <source>One image pixel for one screen pixel</source>
        <translation>一个图像像素对应一个屏幕像素</translation>
    </message>
    <message>
        <source>&amp;Previous image</source>
        <translation>上一张(&amp;P)</translation>
    </message>
    <message>
        <source>Select the previous image</source>
        <translation>选择上一张图像</translation>
    </message>
    <message>
        <source>Ne&amp;xt image</source>
        <translation>下一张(&amp;X)</translation>
    </message>
    <message>
        <source>Select the next image</source>
        <translation>选择下一张图像</translation>
    </message>
    <message>
        <source>What the &amp;model knows…</source>
        <translation>模型认识什么(&amp;M)…</translation>
    </message>
    <message>
        <source>The classes that the model chooses from</source>
        <translation>模型可选的类别</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>键盘快捷键(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Log…</source>
        <translation>日志(&amp;L)…</translation>
    </message>
    <message>
        <source>What the program noted</source>
        <translation>程序记录的内容</translation>
    </message>
    <message>
        <source>&amp;About Shortlist</source>
        <translation>关于 Shortlist(&amp;A)</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Lan&amp;guage</source>
        <translation>语言(&amp;G)</translation>
    </message>
    <message>
        <source>A&amp;ppearance</source>
        <translation>外观(&amp;P)</translation>
    </message>
    <message>
        <source>La&amp;bels to choose from…</source>
        <translation>候选标签(&amp;B)…</translation>
    </message>
    <message>
        <source>Edit what a vision-language model chooses from</source>
        <translation>编辑视觉语言模型可选的标签</translation>
    </message>
</context>
<context>
    <name>Application</name>
    <message>
        <source>Classifies images and ranks the candidates with honest confidences.</source>
        <translation>对图像分类，并以可信的置信度列出候选类别。</translation>
    </message>
    <message>
        <source>Built-in model or model directory.</source>
        <translation>内置模型或模型目录。</translation>
    </message>
    <message>
        <source>Language of the window: en or zh_CN.</source>
        <translation>窗口语言：en 或 zh_CN。</translation>
    </message>
    <message>
        <source>Write a picture of the window when all images are classified, then quit.</source>
        <translation>所有图像分类完成后保存窗口截图并退出。</translation>
    </message>
    <message>
        <source>Images and folders to classify.</source>
        <translation>要分类的图像和文件夹。</translation>
    </message>
    <message>
        <source>Colours of the window: light or dark.</source>
        <translation>窗口配色：light 或 dark。</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>About Shortlist</source>
        <translation>关于 Shortlist</translation>
    </message>
    <message>
        <source>&lt;h3&gt;Shortlist %1&lt;/h3&gt;&lt;p&gt;Classifies images and ranks the candidates with honest confidences.&lt;/p&gt;&lt;p&gt;Qt %2 · compiled with C++20 · Apache-2.0&lt;/p&gt;&lt;p&gt;Built on Qt, libtorch, OpenCV, libjpeg-turbo and spdlog.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;Shortlist %1&lt;/h3&gt;&lt;p&gt;对图像分类，并以可信的置信度为候选排名。&lt;/p&gt;&lt;p&gt;Qt %2 · 以 C++20 编译 · Apache-2.0&lt;/p&gt;&lt;p&gt;基于 Qt、libtorch、OpenCV、libjpeg-turbo 和 spdlog。&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Nothing was noted yet.</source>
        <translation>还没有任何记录。</translation>
    </message>
    <message>
        <source>It chooses among %1 and knows nothing else.</source>
        <translation>它只在%1中选择，其他一概不认识。</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Download this image from %1?</source>
        <translation>要从 %1 下载这张图像吗？</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>It looks at an image, reads the prompt, and chooses among your labels or answers freely.</source>
        <translation>它看图片、读提示词，然后在您的标签中选择，或自由回答。</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>The file cannot be read. Check that it still exists and that you may open it.</source>
        <translation>无法读取文件。请确认文件仍然存在，并且您有权打开它。</translation>
    </message>
    <message>
        <source>The image is damaged or incomplete. Copy or download it again.</source>
        <translation>图像已损坏或不完整。请重新复制或下载。</translation>
    </message>
    <message>
        <source>The image is too large. Scale it below 400 megapixels and try again.</source>
        <translation>图像过大。请缩小到 4 亿像素以下后重试。</translation>
    </message>
    <message>
        <source>The model gave no usable numbers for this image. Try another number type or another model.</source>
        <translation>模型对此图像没有给出可用的数值。请尝试其他数值类型或其他模型。</translation>
    </message>
    <message>
        <source>There is not enough memory. Close other programs and try again.</source>
        <translation>内存不足。请关闭其他程序后重试。</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>The model cannot be used. Choose another model directory.</source>
        <translation>无法使用该模型。请选择其他模型目录。</translation>
    </message>
    <message>
        <source>The device cannot be used. Choose the CPU.</source>
        <translation>无法使用该设备。请选择 CPU。</translation>
    </message>
    <message>
        <source>Something went wrong inside the program.</source>
        <translation>程序内部出错。</translation>
    </message>
    <message>
        <source>This build has no CUDA support: install it with packaging/install-libtorch cuda and build again.</source>
        <translation>此构建不支持 CUDA：请运行 packaging/install-libtorch cuda 安装后重新构建。</translation>
    </message>
    <message>
        <source>No NVIDIA driver was found on this machine.</source>
        <translation>这台机器上没有找到 NVIDIA 驱动。</translation>
    </message>
    <message>
        <source>The NVIDIA driver is too old: update it to version 580 or newer.</source>
        <translation>NVIDIA 驱动太旧：请更新到 580 或更新版本。</translation>
    </message>
    <message>
        <source>This is no image that can be read. JPEG, PNG, WebP, GIF, TIFF, BMP and PNM can: save it as one of them.</source>
        <translation>这不是可读取的图像。可读取 JPEG、PNG、WebP、GIF、TIFF、BMP 和 PNM：请另存为其中一种。</translation>
    </message>
    <message>
        <source>The labels or the prompt cannot be used. Change them and ask again.</source>
        <translation>标签或提示词无法使用。请修改后重试。</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>not resized</source>
        <translation>不缩放</translation>
    </message>
    <message>
        <source>short side to %1 (%2)</source>
        <translation>短边缩放到 %1（%2）</translation>
    </message>
    <message>
        <source>to %1, whatever the ratio (%2)</source>
        <translation>缩放到 %1，不保持比例（%2）</translation>
    </message>
    <message>
        <source>to cover %1 (%2)</source>
        <translation>缩放到覆盖 %1（%2）</translation>
    </message>
    <message>
        <source>to fit into %1 (%2)</source>
        <translation>缩放到 %1 以内（%2）</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>系列</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>回答方式</translation>
    </message>
    <message>
        <source>each class for itself (sigmoid)</source>
        <translation>各类别独立判断（sigmoid）</translation>
    </message>
    <message>
        <source>one of the classes (softmax)</source>
        <translation>多选一（softmax）</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>%1, then the centre, %2</source>
        <translation>%1，再取中央 %2</translation>
    </message>
    <message>
        <source>Mean, deviation</source>
        <translation>均值、标准差</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 与 %2</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Computed as</source>
        <translation>计算方式</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1，设备 %2</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>未注明</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Image area</source>
        <translation>图像面积</translation>
    </message>
    <message>
        <source>%1 to %2 pixels</source>
        <translation>%1 至 %2 像素</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message numerus="yes">
        <source>%n everyday things</source>
        <translation>
            <numerusform>%n 种日常事物</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n classes</source>
        <translation>
            <numerusform>%n 个类别</numerusform>
        </translation>
    </message>
    <message>
        <source>free answers</source>
        <translation>自由回答</translation>
    </message>
    <message numerus="yes">
        <source>%n labels</source>
        <translation>
            <numerusform>%n 个标签</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>The settings file cannot be understood; the window starts with its defaults: %1</source>
        <translation>无法识别设置文件，窗口以默认设置启动：%1</translation>
    </message>
    <message>
        <source>The settings were written by a newer version; what this one does not know was left out.</source>
        <translation>设置由更新的版本写入，本版本不认识的部分已忽略。</translation>
    </message>
</context>
<context>
    <name>shortlist::app::CandidateModel</name>
    <message>
        <source>#</source>
        <translation>#</translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation>候选</translation>
    </message>
    <message>
        <source>Logprob</source>
        <translation>对数概率</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>置信度</translation>
    </message>
    <message>
        <source>joint logprob %1, a token %2</source>
        <translation>联合对数概率 %1，每个词元 %2</translation>
    </message>
    <message>
        <source>none of the labels</source>
        <translation>不属于任何标签</translation>
    </message>
    <message>
        <source>at most: labels that cannot come among the best were not scored</source>
        <translation>上限：不可能进入前列的标签没有计算</translation>
    </message>
    <message>
        <source>how much the model wanted to say something else</source>
        <translation>模型想说别的内容的概率</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>词元</translation>
    </message>
</context>
<context>
    <name>shortlist::app::CandidatePanel</name>
    <message>
        <source>Logprobs were off: only the best label is known.</source>
        <translation>对数概率已关闭：只知道最佳标签。</translation>
    </message>
    <message>
        <source>close call</source>
        <translation>难分高下</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>不确定</translation>
    </message>
    <message>
        <source>likely</source>
        <translation>较有把握</translation>
    </message>
    <message>
        <source>clear</source>
        <translation>明确</translation>
    </message>
    <message>
        <source>%1 · %2 · margin %3 nats · entropy %4 nats</source>
        <translation>%1 · %2 · 领先 %3 nat · 熵 %4 nat</translation>
    </message>
    <message numerus="yes">
        <source>The model only knows its %n classes. What it shows may be none of them.</source>
        <translation>
            <numerusform>模型只认识它的 %n 个类别，图中内容可能不属于其中任何一个。</numerusform>
        </translation>
    </message>
    <message>
        <source>Ranked candidates</source>
        <translation>候选排名</translation>
    </message>
    <message>
        <source>Best candidate</source>
        <translation>最佳候选</translation>
    </message>
    <message>
        <source>%1 · %2 · margin %3 nats</source>
        <translation>%1 · %2 · 领先 %3 nat</translation>
    </message>
    <message>
        <source>Logprobs were off: only the answer is known.</source>
        <translation>对数概率已关闭：只有回答。</translation>
    </message>
    <message>
        <source>%1 · %2 among the labels · margin %3 nats · %4 outside them</source>
        <translation>%1 · 标签内 %2 · 差距 %3 纳特 · 标签外 %4</translation>
    </message>
    <message numerus="yes">
        <source>%1 · logprob %2 nats · %n tokens</source>
        <translation>
            <numerusform>%1 · 对数概率 %2 纳特 · %n 个词元</numerusform>
        </translation>
    </message>
    <message>
        <source> · not finished</source>
        <translation> · 未写完</translation>
    </message>
    <message>
        <source>Much of the probability lies outside the labels. The model may spell them with a capital, or without.</source>
        <translation>很大一部分概率在标签之外。模型可能用另一种大小写书写这些标签。</translation>
    </message>
    <message>
        <source>Add spellings</source>
        <translation>添加写法</translation>
    </message>
</context>
<context>
    <name>shortlist::app::DeviceButton</name>
    <message>
        <source>device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Device: %1</source>
        <translation>设备：%1</translation>
    </message>
    <message>
        <source>Where the model runs</source>
        <translation>模型运行的位置</translation>
    </message>
    <message>
        <source>Where the model runs. CUDA is not used: %1</source>
        <translation>模型运行的位置。未使用 CUDA：%1</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>CUDA is not used: %1</source>
        <translation>未使用 CUDA：%1</translation>
    </message>
</context>
<context>
    <name>shortlist::app::ImageListModel</name>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>no logprobs</source>
        <translation>无对数概率</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Best candidate</source>
        <translation>最佳候选</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>置信度</translation>
    </message>
    <message>
        <source>classified</source>
        <translation>已分类</translation>
    </message>
    <message>
        <source>earlier model</source>
        <translation>先前的模型</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>领先</translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation>熵</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
</context>
<context>
    <name>shortlist::app::ImageListPanel</name>
    <message>
        <source>in the order added</source>
        <translation>按添加顺序</translation>
    </message>
    <message>
        <source>by name</source>
        <translation>按名称</translation>
    </message>
    <message>
        <source>by best candidate</source>
        <translation>按最佳候选</translation>
    </message>
    <message>
        <source>lowest confidence first</source>
        <translation>置信度由低到高</translation>
    </message>
    <message>
        <source>highest confidence first</source>
        <translation>置信度由高到低</translation>
    </message>
    <message>
        <source>smallest margin first</source>
        <translation>领先由小到大</translation>
    </message>
    <message>
        <source>highest entropy first</source>
        <translation>熵由高到低</translation>
    </message>
    <message>
        <source>by state</source>
        <translation>按状态</translation>
    </message>
    <message>
        <source>Filter by name or candidate</source>
        <translation>按名称或候选筛选</translation>
    </message>
    <message>
        <source>Filter by state</source>
        <translation>按状态筛选</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>顺序</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>No image passes the filter.</source>
        <translation>没有图像符合筛选条件。</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>全部显示</translation>
    </message>
    <message numerus="yes">
        <source>%n answers are from an earlier model.</source>
        <translation>
            <numerusform>有 %n 个答案来自先前的模型。</numerusform>
        </translation>
    </message>
    <message>
        <source>Classify again</source>
        <translation>重新分类</translation>
    </message>
    <message numerus="yes">
        <source>%n images have no logprobs.</source>
        <translation>
            <numerusform>有 %n 张图像没有对数概率。</numerusform>
        </translation>
    </message>
    <message>
        <source>Explain all</source>
        <translation>全部补算</translation>
    </message>
</context>
<context>
    <name>shortlist::app::InputCollector</name>
    <message>
        <source>There is no image in it. Drop or paste image files, folders, a picture or its web address.</source>
        <translation>其中没有图像。请拖放或粘贴图像文件、文件夹、图片或图片网址。</translation>
    </message>
    <message>
        <source>The picture could not be taken over. Save it to a file and open that.</source>
        <translation>无法接收这张图片。请先存为文件再打开。</translation>
    </message>
    <message>
        <source>The picture is too large. Scale it below 400 megapixels and try again.</source>
        <translation>图片太大。请缩小到 4 亿像素以下再试。</translation>
    </message>
    <message>
        <source>pasted %1.png</source>
        <translation>粘贴 %1.png</translation>
    </message>
    <message>
        <source>The file at %1 is over %2 MB. Download it with a browser and open it from there.</source>
        <translation>%1 上的文件超过 %2 MB。请用浏览器下载后再打开。</translation>
    </message>
    <message>
        <source>%1 did not answer in time. Check the address and the network, then try again.</source>
        <translation>%1 没有及时回应。请检查网址和网络后再试。</translation>
    </message>
    <message>
        <source>The image could not be downloaded from %1: %2</source>
        <translation>无法从 %1 下载图像：%2</translation>
    </message>
</context>
<context>
    <name>shortlist::app::LabelEditor</name>
    <message>
        <source>new set</source>
        <translation>新标签集</translation>
    </message>
    <message numerus="yes">
        <source>%n labels.</source>
        <translation>
            <numerusform>%n 个标签。</numerusform>
        </translation>
    </message>
    <message>
        <source>“%1” and “%2” differ only by case or spaces.</source>
        <translation>“%1”与“%2”仅大小写或空格不同。</translation>
    </message>
    <message numerus="yes">
        <source>And %n more such pairs.</source>
        <translation>
            <numerusform>另有 %n 对类似标签。</numerusform>
        </translation>
    </message>
    <message>
        <source>Write or paste at least one label.</source>
        <translation>请至少写入或粘贴一个标签。</translation>
    </message>
    <message>
        <source>Labels to choose from</source>
        <translation>候选标签</translation>
    </message>
    <message>
        <source>One label a line. Other spellings of it follow after a “|”: cat | Cat | a cat. A line that begins with # is a comment.</source>
        <translation>每行一个标签。其他写法写在“|”之后：猫 | 一只猫。以 # 开头的行是注释。</translation>
    </message>
    <message>
        <source>Sets of labels</source>
        <translation>标签集</translation>
    </message>
    <message>
        <source>Press F2 to rename a set</source>
        <translation>按 F2 重命名标签集</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>New set</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>Delete set</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Add capitalised spellings</source>
        <translation>添加大小写写法</translation>
    </message>
    <message>
        <source>Use these labels</source>
        <translation>使用这些标签</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>shortlist::app::MainWindow</name>
    <message>
        <source>Shortlist</source>
        <translation>Shortlist</translation>
    </message>
    <message>
        <source>Candidates:</source>
        <translation>候选数：</translation>
    </message>
    <message>
        <source>Number of candidates</source>
        <translation>候选数量</translation>
    </message>
    <message>
        <source>Selected image</source>
        <translation>所选图像</translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation>吞吐量</translation>
    </message>
    <message>
        <source>Classify images</source>
        <translation>对图像分类</translation>
    </message>
    <message>
        <source>Classify a folder</source>
        <translation>对文件夹分类</translation>
    </message>
    <message>
        <source>The ranked candidates appear here.</source>
        <translation>候选排名显示在这里。</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>Waiting for the model…</source>
        <translation>正在等待模型…</translation>
    </message>
    <message numerus="yes">
        <source>%n results were saved.</source>
        <translation>
            <numerusform>已保存 %n 个结果。</numerusform>
        </translation>
    </message>
    <message>
        <source>The results were not saved. %1</source>
        <translation>结果没有保存。%1</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Open a model directory</source>
        <translation>打开模型目录</translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl)</source>
        <translation>JSON Lines (*.jsonl)</translation>
    </message>
    <message>
        <source>CSV (*.csv)</source>
        <translation>CSV (*.csv)</translation>
    </message>
    <message>
        <source>Save results</source>
        <translation>保存结果</translation>
    </message>
    <message>
        <source>The model stays as it was. %1</source>
        <translation>模型保持不变。%1</translation>
    </message>
    <message>
        <source>Logprobs: on</source>
        <translation>对数概率：开</translation>
    </message>
    <message>
        <source>Logprobs: off</source>
        <translation>对数概率：关</translation>
    </message>
    <message>
        <source>Drop photographs or folders here,
paste a picture, or press Ctrl+O.</source>
        <translation>将照片或文件夹拖到这里，
粘贴图片，或按 Ctrl+O。</translation>
    </message>
    <message>
        <source>This image could not be classified.</source>
        <translation>无法对这张图像分类。</translation>
    </message>
    <message>
        <source>Images (%1);;All files (*)</source>
        <translation>图像 (%1);;所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>shortlist::app::ModelButton</name>
    <message>
        <source>loading the model…</source>
        <translation>正在载入模型…</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>no model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Model: %1</source>
        <translation>模型：%1</translation>
    </message>
    <message>
        <source>everyday (built in)</source>
        <translation>everyday（内置）</translation>
    </message>
    <message>
        <source>Open a model directory…</source>
        <translation>打开模型目录…</translation>
    </message>
    <message>
        <source>%1
%2, %3, %4, temperature %5
Click to choose another model.</source>
        <translation>%1
%2，%3，%4，温度 %5
点击以选择其他模型。</translation>
    </message>
</context>
<context>
    <name>shortlist::app::Session</name>
    <message numerus="yes">
        <source>Only the first %n images were taken.</source>
        <translation>
            <numerusform>只采用了前 %n 张图像。</numerusform>
        </translation>
    </message>
    <message>
        <source>No images were found there.</source>
        <translation>那里没有找到图像。</translation>
    </message>
</context>
<context>
    <name>shortlist::app::TaskBar</name>
    <message>
        <source>Labels: %1 (%2)…</source>
        <translation>标签：%1（%2）…</translation>
    </message>
    <message>
        <source>Choose a label</source>
        <translation>选择标签</translation>
    </message>
    <message>
        <source>Answer freely</source>
        <translation>自由回答</translation>
    </message>
    <message>
        <source>What the model does</source>
        <translation>模型做什么</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>What is asked about each image. {labels} stands for the labels. Empty: the default</source>
        <translation>对每张图片提的问题。{labels} 代表全部标签。留空则用默认提示词</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Prompts to choose from</source>
        <translation>可选的提示词</translation>
    </message>
    <message>
        <source>Edit the labels to choose from</source>
        <translation>编辑候选标签</translation>
    </message>
    <message>
        <source>Search: automatic</source>
        <translation>搜索：自动</translation>
    </message>
    <message>
        <source>Search: all labels</source>
        <translation>搜索：全部标签</translation>
    </message>
    <message>
        <source>Search: the best</source>
        <translation>搜索：最佳标签</translation>
    </message>
    <message>
        <source>How the labels are searched</source>
        <translation>标签的搜索方式</translation>
    </message>
    <message>
        <source>All labels are scored, or only as many as the best ones need. The best ones and their numbers are the same.</source>
        <translation>计算全部标签，或只计算确定最佳标签所需的部分。最佳标签及其数值相同。</translation>
    </message>
</context>
<context>
    <name>shortlist::app::ThroughputStrip</name>
    <message>
        <source>%1 images/s</source>
        <translation>%1 张/秒</translation>
    </message>
    <message>
        <source>idle</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>logprobs on %1 / off %2 = %3</source>
        <translation>对数概率 开 %1 / 关 %2 = %3</translation>
    </message>
    <message>
        <source>logprobs on: %1 images/s</source>
        <translation>对数概率开：%1 张/秒</translation>
    </message>
    <message>
        <source>logprobs off: %1 images/s</source>
        <translation>对数概率关：%1 张/秒</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Stop after the running batch (Esc)</source>
        <translation>在当前批次后停止 (Esc)</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Images per second in the last minute</source>
        <translation>最近一分钟每秒图像数</translation>
    </message>
    <message>
        <source>decode %1 ms · wait %2 ms · prepare %3 ms · model %4 ms · top-k %5 µs</source>
        <translation>解码 %1 ms · 等待 %2 ms · 预处理 %3 ms · 模型 %4 ms · top-k %5 µs</translation>
    </message>
    <message>
        <source>the model sets the pace</source>
        <translation>瓶颈在模型</translation>
    </message>
    <message>
        <source>decoding sets the pace</source>
        <translation>瓶颈在解码</translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n 个失败</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 s left</source>
        <translation>剩余 %1 秒</translation>
    </message>
    <message>
        <source>%1 min left</source>
        <translation>剩余 %1 分钟</translation>
    </message>
    <message>
        <source>Mean time of one image in each stage. Decoding runs beside the model.</source>
        <translation>每张图像在各阶段的平均时间。解码与模型并行进行。</translation>
    </message>
    <message>
        <source>%1 wait to be decoded, %2 are ready for the model</source>
        <translation>%1 张等待解码，%2 张等待模型</translation>
    </message>
    <message>
        <source>queue %1</source>
        <translation>排队 %1</translation>
    </message>
</context>
<context>
    <name>shortlist::app::TokenStrip</name>
    <message>
        <source>Tokens of the answer</source>
        <translation>回答的词元</translation>
    </message>
    <message>
        <source>Token %1 of %2: %3, %4</source>
        <translation>第 %1 个词元，共 %2 个：%3，%4</translation>
    </message>
</context>
</TS>

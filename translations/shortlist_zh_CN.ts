<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
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
</context>
<context>
    <name>Errors</name>
    <message>
        <source>The file cannot be read. Check that it still exists and that you may open it.</source>
        <translation>无法读取文件。请确认文件仍然存在，并且您有权打开它。</translation>
    </message>
    <message>
        <source>This is no image that can be read. Save it as JPEG or PNG and try again.</source>
        <translation>这不是可读取的图像。请另存为 JPEG 或 PNG 后重试。</translation>
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
        <source>cannot be classified</source>
        <translation>无法分类</translation>
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
</context>
<context>
    <name>shortlist::app::MainWindow</name>
    <message numerus="yes">
        <source>Only the first %n images were taken.</source>
        <translation>
            <numerusform>只取了前 %n 张图像。</numerusform>
        </translation>
    </message>
    <message>
        <source>No images were found there.</source>
        <translation>那里没有找到图像。</translation>
    </message>
    <message>
        <source>Shortlist</source>
        <translation>Shortlist</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>打开(&amp;O)…</translation>
    </message>
    <message>
        <source>Classify images (Ctrl+O)</source>
        <translation>对图像分类 (Ctrl+O)</translation>
    </message>
    <message>
        <source>&amp;Folder…</source>
        <translation>文件夹(&amp;F)…</translation>
    </message>
    <message>
        <source>Classify the images of a folder (Ctrl+Shift+O)</source>
        <translation>对文件夹中的图像分类 (Ctrl+Shift+O)</translation>
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
        <source>Compute the probabilities of the candidates (Ctrl+L)</source>
        <translation>计算各候选的概率 (Ctrl+L)</translation>
    </message>
    <message>
        <source>Show as logprobs</source>
        <translation>显示为对数概率</translation>
    </message>
    <message>
        <source>Show logprobs in nats instead of percent</source>
        <translation>以 nat 为单位显示对数概率，而不是百分比</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the ranked candidates as text (Ctrl+Shift+C)</source>
        <translation>将候选排名复制为文本 (Ctrl+Shift+C)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
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
        <source>Images</source>
        <translation>图像列表</translation>
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
        <source>Images (*.jpg *.jpeg *.png);;All files (*)</source>
        <translation>图像 (*.jpg *.jpeg *.png);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Classify a folder</source>
        <translation>对文件夹分类</translation>
    </message>
    <message>
        <source>no model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>loading the model…</source>
        <translation>正在加载模型…</translation>
    </message>
    <message>
        <source>model not usable</source>
        <translation>模型不可用</translation>
    </message>
    <message numerus="yes">
        <source>%1 · %n classes · %2</source>
        <translation>
            <numerusform>%1 · %n 个类别 · %2</numerusform>
        </translation>
    </message>
    <message>
        <source>Drop photographs or folders here, or press Ctrl+O.</source>
        <translation>将照片或文件夹拖到此处，或按 Ctrl+O。</translation>
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
    <message>
        <source>Only files and folders of this computer can be dropped here.</source>
        <translation>只能拖入本机的文件和文件夹。</translation>
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
        <source>Mean time of one image in each stage</source>
        <translation>每张图像在各阶段的平均时间</translation>
    </message>
    <message>
        <source>%1 of %2 · %3 failed</source>
        <translation>%1 / %2 · %3 个失败</translation>
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
        <source>decode %1 ms · model %2 ms · top-k %3 µs</source>
        <translation>解码 %1 ms · 模型 %2 ms · top-k %3 µs</translation>
    </message>
</context>
</TS>

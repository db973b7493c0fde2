<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>Actions</name>
    <message>
        <source>&amp;Open images…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classify images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classify the images of a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classify files, a picture or a web address from the clipboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save results…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the results as JSON lines or CSV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy candidates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the ranked candidates as text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classify &amp;again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classify the selected images again with the current model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Explain all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compute the logprobs of all images that have none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Remove from the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the selected images from the list; the files stay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;lear the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove all images from the list; the files stay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;ancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop after the running batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Logprobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compute the probabilities of the candidates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show logprobs in &amp;nats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show logprobs in nats instead of percent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enlarge the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the image smaller</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the whole image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;1:1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One image pixel for one screen pixel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Previous image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select the previous image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ne&amp;xt image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select the next image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the &amp;model knows…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The classes that the model chooses from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Log…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the program noted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;About Shortlist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lan&amp;guage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A&amp;ppearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>La&amp;bels to choose from…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit what a vision-language model chooses from</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Application</name>
    <message>
        <source>Classifies images and ranks the candidates with honest confidences.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Built-in model or model directory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language of the window: en or zh_CN.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a picture of the window when all images are classified, then quit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images and folders to classify.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours of the window: light or dark.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About Shortlist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;h3&gt;Shortlist %1&lt;/h3&gt;&lt;p&gt;Classifies images and ranks the candidates with honest confidences.&lt;/p&gt;&lt;p&gt;Qt %2 · compiled with C++20 · Apache-2.0&lt;/p&gt;&lt;p&gt;Built on Qt, libtorch, OpenCV, libjpeg-turbo and spdlog.&lt;/p&gt;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was noted yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It chooses among %1 and knows nothing else.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download this image from %1?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It looks at an image, reads the prompt, and chooses among your labels or answers freely.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>The file cannot be read. Check that it still exists and that you may open it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image is damaged or incomplete. Copy or download it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image is too large. Scale it below 400 megapixels and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model gave no usable numbers for this image. Try another number type or another model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is not enough memory. Close other programs and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model cannot be used. Choose another model directory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device cannot be used. Choose the CPU.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong inside the program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This build has no CUDA support: install it with packaging/install-libtorch cuda and build again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No NVIDIA driver was found on this machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The NVIDIA driver is too old: update it to version 580 or newer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is no image that can be read. JPEG, PNG, WebP, GIF, TIFF, BMP and PNM can: save it as one of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The labels or the prompt cannot be used. Change them and ask again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>not resized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>short side to %1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to %1, whatever the ratio (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to cover %1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to fit into %1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Family</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>each class for itself (sigmoid)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one of the classes (softmax)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, then the centre, %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean, deviation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Computed as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not stated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 to %2 pixels</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message numerus="yes">
        <source>%n everyday things</source>
        <translation>
            <numerusform>%n everyday thing</numerusform>
            <numerusform>%n everyday things</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n classes</source>
        <translation>
            <numerusform>%n class</numerusform>
            <numerusform>%n classes</numerusform>
        </translation>
    </message>
    <message>
        <source>free answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n labels</source>
        <translation>
            <numerusform>%n label</numerusform>
            <numerusform>%n labels</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>The settings file cannot be understood; the window starts with its defaults: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings were written by a newer version; what this one does not know was left out.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>shortlist::app::CandidateModel</name>
    <message>
        <source>#</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logprob</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>joint logprob %1, a token %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none of the labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at most: labels that cannot come among the best were not scored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>how much the model wanted to say something else</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>shortlist::app::CandidatePanel</name>
    <message>
        <source>Logprobs were off: only the best label is known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>close call</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unsure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>likely</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>clear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · %2 · margin %3 nats · entropy %4 nats</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The model only knows its %n classes. What it shows may be none of them.</source>
        <translation>
            <numerusform>The model only knows its one class. What it shows may be something else.</numerusform>
            <numerusform>The model only knows its %n classes. What it shows may be none of them.</numerusform>
        </translation>
    </message>
    <message>
        <source>Ranked candidates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best candidate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · %2 · margin %3 nats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logprobs were off: only the answer is known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · %2 among the labels · margin %3 nats · %4 outside them</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%1 · logprob %2 nats · %n tokens</source>
        <translation>
            <numerusform>%1 · logprob %2 nats · %n token</numerusform>
            <numerusform>%1 · logprob %2 nats · %n tokens</numerusform>
        </translation>
    </message>
    <message>
        <source> · not finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Much of the probability lies outside the labels. The model may spell them with a capital, or without.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add spellings</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>shortlist::app::DeviceButton</name>
    <message>
        <source>device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the model runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the model runs. CUDA is not used: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CUDA is not used: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>shortlist::app::ImageListModel</name>
    <message>
        <source>waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no logprobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best candidate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>classified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>earlier model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Margin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>shortlist::app::ImageListPanel</name>
    <message>
        <source>in the order added</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>by name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>by best candidate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>lowest confidence first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>highest confidence first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>smallest margin first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>highest entropy first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>by state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter by name or candidate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter by state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image passes the filter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n answers are from an earlier model.</source>
        <translation>
            <numerusform>%n answer is from an earlier model.</numerusform>
            <numerusform>%n answers are from an earlier model.</numerusform>
        </translation>
    </message>
    <message>
        <source>Classify again</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n images have no logprobs.</source>
        <translation>
            <numerusform>%n image has no logprobs.</numerusform>
            <numerusform>%n images have no logprobs.</numerusform>
        </translation>
    </message>
    <message>
        <source>Explain all</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>shortlist::app::InputCollector</name>
    <message>
        <source>There is no image in it. Drop or paste image files, folders, a picture or its web address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture could not be taken over. Save it to a file and open that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture is too large. Scale it below 400 megapixels and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pasted %1.png</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file at %1 is over %2 MB. Download it with a browser and open it from there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 did not answer in time. Check the address and the network, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image could not be downloaded from %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>shortlist::app::LabelEditor</name>
    <message>
        <source>new set</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n labels.</source>
        <translation>
            <numerusform>%n label.</numerusform>
            <numerusform>%n labels.</numerusform>
        </translation>
    </message>
    <message>
        <source>“%1” and “%2” differ only by case or spaces.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>And %n more such pairs.</source>
        <translation>
            <numerusform>And %n more such pair.</numerusform>
            <numerusform>And %n more such pairs.</numerusform>
        </translation>
    </message>
    <message>
        <source>Write or paste at least one label.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labels to choose from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One label a line. Other spellings of it follow after a “|”: cat | Cat | a cat. A line that begins with # is a comment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sets of labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press F2 to rename a set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add capitalised spellings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use these labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>shortlist::app::MainWindow</name>
    <message>
        <source>Shortlist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Candidates:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of candidates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Selected image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classify images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classify a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The ranked candidates appear here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for the model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n results were saved.</source>
        <translation>
            <numerusform>%n result was saved.</numerusform>
            <numerusform>%n results were saved.</numerusform>
        </translation>
    </message>
    <message>
        <source>The results were not saved. %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model directory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model stays as it was. %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logprobs: on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logprobs: off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop photographs or folders here,
paste a picture, or press Ctrl+O.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This image could not be classified.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images (%1);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>shortlist::app::ModelButton</name>
    <message>
        <source>loading the model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>everyday (built in)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model directory…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1
%2, %3, %4, temperature %5
Click to choose another model.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>shortlist::app::Session</name>
    <message numerus="yes">
        <source>Only the first %n images were taken.</source>
        <translation>
            <numerusform>Only the first image was taken (%n).</numerusform>
            <numerusform>Only the first %n images were taken.</numerusform>
        </translation>
    </message>
    <message>
        <source>No images were found there.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>shortlist::app::TaskBar</name>
    <message>
        <source>Labels: %1 (%2)…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer freely</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the model does</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is asked about each image. {labels} stands for the labels. Empty: the default</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Presets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompts to choose from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit the labels to choose from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search: automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search: all labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search: the best</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the labels are searched</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All labels are scored, or only as many as the best ones need. The best ones and their numbers are the same.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>shortlist::app::ThroughputStrip</name>
    <message>
        <source>%1 images/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>idle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>logprobs on %1 / off %2 = %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>logprobs on: %1 images/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>logprobs off: %1 images/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop after the running batch (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images per second in the last minute</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>decode %1 ms · wait %2 ms · prepare %3 ms · model %4 ms · top-k %5 µs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model sets the pace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>decoding sets the pace</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 s left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 min left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean time of one image in each stage. Decoding runs beside the model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 wait to be decoded, %2 are ready for the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>queue %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>shortlist::app::TokenStrip</name>
    <message>
        <source>Tokens of the answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token %1 of %2: %3, %4</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>

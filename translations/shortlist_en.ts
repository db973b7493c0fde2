<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
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
</context>
<context>
    <name>Errors</name>
    <message>
        <source>The file cannot be read. Check that it still exists and that you may open it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is no image that can be read. Save it as JPEG or PNG and try again.</source>
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
        <source>cannot be classified</source>
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
</context>
<context>
    <name>shortlist::app::MainWindow</name>
    <message numerus="yes">
        <source>Only the first %n images were taken.</source>
        <translation>
            <numerusform>Only the first image was taken.</numerusform>
            <numerusform>Only the first %n images were taken.</numerusform>
        </translation>
    </message>
    <message>
        <source>No images were found there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shortlist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classify images (Ctrl+O)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classify the images of a folder (Ctrl+Shift+O)</source>
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
        <source>Compute the probabilities of the candidates (Ctrl+L)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show as logprobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show logprobs in nats instead of percent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the ranked candidates as text (Ctrl+Shift+C)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
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
        <source>Images</source>
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
        <source>Images (*.jpg *.jpeg *.png);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classify a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loading the model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>model not usable</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%1 · %n classes · %2</source>
        <translation>
            <numerusform>%1 · one class · %2</numerusform>
            <numerusform>%1 · %n classes · %2</numerusform>
        </translation>
    </message>
    <message>
        <source>Drop photographs or folders here, or press Ctrl+O.</source>
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
    <message>
        <source>Only files and folders of this computer can be dropped here.</source>
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
        <source>Mean time of one image in each stage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 · %3 failed</source>
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
        <source>decode %1 ms · model %2 ms · top-k %3 µs</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>

// SPDX-License-Identifier: Apache-2.0
#include "app/error_text.h"

#include <QCoreApplication>

#include "engine/backend_loader.h"

namespace shortlist::app {
namespace {

QString text(const char* source) { return QCoreApplication::translate("Errors", source); }

}  // namespace

QString errorSentence(const engine::Failure& failure) {
    using engine::ErrorKind;
    switch (failure.kind) {
        case ErrorKind::Unreadable:
            return text(QT_TRANSLATE_NOOP("Errors", "The file cannot be read. Check that it still exists and that you may open it."));
        case ErrorKind::Unsupported:
            return text(QT_TRANSLATE_NOOP("Errors", "This is no image that can be read. JPEG, PNG, WebP, GIF, TIFF, BMP and PNM can: save it as one of them."));
        case ErrorKind::BadImage:
            return text(QT_TRANSLATE_NOOP("Errors", "The image is damaged or incomplete. Copy or download it again."));
        case ErrorKind::TooLarge:
            return text(QT_TRANSLATE_NOOP("Errors", "The image is too large. Scale it below 400 megapixels and try again."));
        case ErrorKind::Nonfinite:
            return text(QT_TRANSLATE_NOOP("Errors", "The model gave no usable numbers for this image. Try another number type or another model."));
        case ErrorKind::OutOfMemory:
            return text(QT_TRANSLATE_NOOP("Errors", "There is not enough memory. Close other programs and try again."));
        case ErrorKind::Cancelled: return text(QT_TRANSLATE_NOOP("Errors", "Cancelled."));
        case ErrorKind::Model:
            return text(QT_TRANSLATE_NOOP("Errors", "The model cannot be used. Choose another model directory.")) + QLatin1Char('\n') +
                   QString::fromStdString(failure.message);
        case ErrorKind::Usage:
            return text(QT_TRANSLATE_NOOP("Errors", "The labels or the prompt cannot be used. Change them and ask again.")) + QLatin1Char('\n') + QString::fromStdString(failure.message);
        case ErrorKind::Device:
            return text(QT_TRANSLATE_NOOP("Errors", "The device cannot be used. Choose the CPU.")) + QLatin1Char('\n') +
                   QString::fromStdString(failure.message);
        case ErrorKind::Backend:
        case ErrorKind::Output:
        case ErrorKind::Internal: break;
    }
    return text(QT_TRANSLATE_NOOP("Errors", "Something went wrong inside the program.")) + QLatin1Char('\n') +
           QString::fromStdString(failure.message);
}

QString cudaObstacleSentence() {
    const QString obstacle = QString::fromStdString(engine::cudaObstacle());
    if (obstacle.isEmpty())
        return {};
    if (obstacle.startsWith(QLatin1String("This build")))
        return text(QT_TRANSLATE_NOOP("Errors", "This build has no CUDA support: install it with packaging/install-libtorch cuda and build again."));
    if (obstacle.startsWith(QLatin1String("No NVIDIA")))
        return text(QT_TRANSLATE_NOOP("Errors", "No NVIDIA driver was found on this machine."));
    return text(QT_TRANSLATE_NOOP("Errors", "The NVIDIA driver is too old: update it to version 580 or newer."));
}

}  // namespace shortlist::app

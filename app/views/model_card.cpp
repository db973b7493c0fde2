// SPDX-License-Identifier: Apache-2.0
#include "app/views/model_card.h"

#include <QCoreApplication>
#include <QDir>
#include <QLocale>

namespace shortlist::app {
namespace {

using engine::Preprocessing;

struct ModelCard {
    Q_DECLARE_TR_FUNCTIONS(ModelCard)

  public:
    static QString sides(int32_t width, int32_t height) { return QStringLiteral("%1 × %2").arg(QLocale().toString(width), QLocale().toString(height)); }

    static QString triple(const float (&values)[3]) {
        QStringList texts;
        for (const float value : values)
            texts << QLocale().toString(value, 'g', 4);
        return texts.join(QStringLiteral("  "));
    }

    static QString resize(const Preprocessing& plan) {
        const QString filter = QString::fromStdString(plan.filter), box = sides(plan.resize_width, plan.resize_height);
        switch (plan.resize) {
            case Preprocessing::Resize::None: return tr("not resized");
            case Preprocessing::Resize::ShortSide: return tr("short side to %1 (%2)").arg(QLocale().toString(plan.resize_width), filter);
            case Preprocessing::Resize::Exact: return tr("to %1, whatever the ratio (%2)").arg(box, filter);
            case Preprocessing::Resize::Cover: return tr("to cover %1 (%2)").arg(box, filter);
            case Preprocessing::Resize::Contain: return tr("to fit into %1 (%2)").arg(box, filter);
        }
        return {};
    }

    static QList<QPair<QString, QString>> rows(const engine::ModelInfo& model, const std::string& sha256) {
        const auto from = [](const std::string& text) { return QString::fromStdString(text); };
        const Preprocessing& plan = model.preprocessing;
        QList<QPair<QString, QString>> rows;
        rows << qMakePair(tr("Family"), model.architecture.empty() ? from(model.family) : tr("%1 (%2)").arg(from(model.family), from(model.architecture)));
        if (model.vision_language) {
            rows << qMakePair(tr("Prompt"), from(model.prompt));
            rows << qMakePair(tr("Image area"), tr("%1 to %2 pixels").arg(QLocale().toString(static_cast<qlonglong>(model.min_pixels)), QLocale().toString(static_cast<qlonglong>(model.max_pixels))));
        } else {
            rows << qMakePair(tr("Answers"), model.sigmoid ? tr("each class for itself (sigmoid)") : tr("one of the classes (softmax)"));
            rows << qMakePair(tr("Temperature"), QLocale().toString(model.temperature, 'g', 4));
            rows << qMakePair(tr("Input"), tr("%1, then the centre, %2").arg(resize(plan), sides(model.input_width, model.input_height)));
        }
        rows << qMakePair(tr("Mean, deviation"), tr("%1 and %2").arg(triple(plan.mean), triple(plan.std)));
        rows << qMakePair(tr("Parameters"), QLocale().toString(static_cast<qlonglong>(model.parameters)));
        rows << qMakePair(tr("Computed as"), tr("%1 on %2").arg(from(model.dtype), from(model.device).toUpper()));
        rows << qMakePair(tr("Licence"), model.licence.empty() ? tr("not stated") : from(model.licence));
        rows << qMakePair(tr("Folder"), QDir::toNativeSeparators(from(model.directory)));
        if (!sha256.empty())
            rows << qMakePair(tr("SHA-256"), from(sha256.substr(0, 16)) + QStringLiteral("…"));
        for (const auto& notes : {model.notes, model.record_notes})
            for (const std::string& note : notes)
                rows << qMakePair(tr("Note"), from(note));
        return rows;
    }
};

}  // namespace

QList<QPair<QString, QString>> modelCard(const engine::ModelInfo& model, const std::string& sha256) { return ModelCard::rows(model, sha256); }

}  // namespace shortlist::app

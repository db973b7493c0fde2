// SPDX-License-Identifier: Apache-2.0
#include "app/models/image_list_model.h"

#include <QFile>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "app/error_text.h"
#include "app/models/candidate_model.h"

namespace shortlist::app {
namespace {

constexpr int kStateIcon = 16;
constexpr int kKeyBits = 32;  // of a request id; the rest numbers the question

QString nats(float value) { return std::isnan(value) ? QString() : QLocale().toString(value, 'f', 2); }

// What has no number sorts below everything that has one.
double orLowest(float value) { return std::isnan(value) ? -std::numeric_limits<double>::infinity() : static_cast<double>(value); }

}  // namespace

QString displayName(const std::string& path) { return QFileInfo(QFile::decodeName(path.c_str())).fileName(); }

int ImageListModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
int ImageListModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }

int ImageListModel::append(const std::vector<std::string>& paths) {
    std::vector<Row> rows;
    for (const std::string& path : paths)
        rows.push_back({{m_nextKey++, path, nullptr}, State::Waiting, 0, 0, nullptr});
    return append(std::move(rows));
}

int ImageListModel::append(const QString& name, ImageBytes bytes) {
    return append({Row{{m_nextKey++, localPath(name), std::move(bytes)}, State::Waiting, 0, 0, nullptr}});
}

int ImageListModel::append(std::vector<Row> rows) {
    const int first = rowCount();
    if (rows.empty())
        return first;
    beginInsertRows({}, first, first + static_cast<int>(rows.size()) - 1);
    std::move(rows.begin(), rows.end(), std::back_inserter(m_rows));
    endInsertRows();
    return first;
}

void ImageListModel::remove(std::vector<int> rows) {
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    while (!rows.empty()) {  // one signal for each run, from the back so that the rest keeps its numbers
        const int last = rows.back();
        int first = last;
        for (rows.pop_back(); !rows.empty() && rows.back() == first - 1; rows.pop_back())
            --first;
        beginRemoveRows({}, first, last);
        m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
        endRemoveRows();
    }
}

uint64_t ImageListModel::ask(int row) {
    Row& entry = m_rows[static_cast<size_t>(row)];
    ++entry.asked;
    if (!entry.outcome && std::exchange(entry.state, State::Waiting) != State::Waiting) {
        Q_EMIT dataChanged(index(row, 0), index(row, kColumns - 1));
    }
    return static_cast<uint64_t>(entry.asked) << kKeyBits | entry.image.key;
}

bool ImageListModel::isAsked(int row, uint64_t request) const {
    const Row& entry = m_rows[static_cast<size_t>(row)];
    const auto question = static_cast<uint32_t>(request >> kKeyBits);
    return question == entry.asked && question > entry.answered;
}

int ImageListModel::rowOf(uint32_t key) const {
    const auto at = std::lower_bound(m_rows.begin(), m_rows.end(), key, [](const Row& row, uint32_t wanted) { return row.image.key < wanted; });
    return at != m_rows.end() && at->image.key == key ? static_cast<int>(at - m_rows.begin()) : -1;
}

std::vector<int> ImageListModel::apply(const std::vector<engine::Outcome>& outcomes) {
    std::vector<int> changed;
    for (const engine::Outcome& outcome : outcomes) {
        const int row = rowOf(static_cast<uint32_t>(outcome.id));
        const auto question = static_cast<uint32_t>(outcome.id >> kKeyBits);
        if (row < 0 || question <= m_rows[static_cast<size_t>(row)].answered)
            continue;
        Row& entry = m_rows[static_cast<size_t>(row)];
        entry.answered = question;
        const bool cancelled = !outcome.ok() && outcome.failure->kind == engine::ErrorKind::Cancelled;
        if (cancelled && entry.outcome)
            continue;  // the older answer stands
        entry.state = cancelled ? State::Cancelled : outcome.ok() ? State::Done : State::Failed;
        entry.outcome = cancelled ? nullptr : std::make_shared<const engine::Outcome>(outcome);
        changed.push_back(row);
    }
    if (!changed.empty()) {
        const auto [low, high] = std::minmax_element(changed.begin(), changed.end());
        Q_EMIT dataChanged(index(*low, 0), index(*high, kColumns - 1));
    }
    return changed;
}

void ImageListModel::setModel(std::shared_ptr<const engine::ModelIdentity> model) {
    m_model = std::move(model);
    retranslate();
}

void ImageListModel::setPictures(Thumbnails thumbnails, std::array<QIcon, kStates> states) {
    m_thumbnails = std::move(thumbnails);
    m_stateIcons = std::move(states);
    retranslate();
}

void ImageListModel::thumbnailReady(uint32_t key) {
    if (const int row = rowOf(key); row >= 0)
        Q_EMIT dataChanged(index(row, kName), index(row, kName), {Qt::DecorationRole});
}

void ImageListModel::retranslate() {
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, kColumns - 1);
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
}

ImageListModel::State ImageListModel::state(int row) const {
    const Row& entry = m_rows[static_cast<size_t>(row)];
    const bool earlier = entry.state == State::Done && m_model && entry.outcome->model && entry.outcome->model != m_model;
    return earlier ? State::Earlier : entry.state;
}

ImageListModel::Counts ImageListModel::counts() const {
    Counts counts;
    for (int row = 0; row < rowCount(); ++row) {
        const auto& outcome = m_rows[static_cast<size_t>(row)].outcome;
        ++counts.byState[static_cast<size_t>(state(row))];
        counts.withoutLogprobs += outcome && outcome->ok() && !outcome->logprobs ? 1 : 0;
    }
    return counts;
}

QString ImageListModel::stateText(State state) {
    switch (state) {
        case State::Waiting: return tr("waiting");
        case State::Done: return tr("classified");
        case State::Failed: return tr("failed");
        case State::Cancelled: return tr("cancelled");
        case State::Earlier: return tr("earlier model");
    }
    return {};
}

QVariant ImageListModel::text(const Row& row, int column) const {
    const bool done = row.state == State::Done;
    const State shown = state(static_cast<int>(&row - m_rows.data()));
    switch (column) {
        case kName: return displayName(row.image.path);
        case kBest: return done ? QString::fromStdString(row.outcome->label(0)) : stateText(row.state);
        case kConfidence: return !done ? QString() : row.outcome->logprobs ? percentText(row.outcome->confidence(0)) : tr("no logprobs");
        case kMargin: return done ? nats(row.outcome->margin()) : QString();
        case kEntropy: return done ? nats(row.outcome->entropy) : QString();
        case kState: return stateText(shown);
        default: return {};
    }
}

QVariant ImageListModel::sortKey(const Row& row, int column) const {
    const bool done = row.state == State::Done;
    switch (column) {
        case kName: return displayName(row.image.path).toCaseFolded();
        case kBest: return done ? QString::fromStdString(row.outcome->label(0)).toCaseFolded() : QString();
        case kConfidence: return done ? orLowest(row.outcome->confidence(0)) : -std::numeric_limits<double>::infinity();
        case kMargin: return done ? orLowest(row.outcome->margin()) : -std::numeric_limits<double>::infinity();
        case kEntropy: return done ? orLowest(row.outcome->entropy) : -std::numeric_limits<double>::infinity();
        default: return static_cast<int>(state(static_cast<int>(&row - m_rows.data())));
    }
}

QVariant ImageListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[static_cast<size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
        case Qt::AccessibleTextRole: return text(row, index.column());
        case Qt::TextAlignmentRole:
            return index.column() >= kConfidence && index.column() <= kEntropy ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
        case Qt::ToolTipRole:
            return row.state == State::Failed ? errorSentence(*row.outcome->failure) : QFile::decodeName(row.image.path.c_str());
        case Qt::DecorationRole:
            if (index.column() == kName && m_thumbnails)
                return m_thumbnails(row.image);
            if (index.column() == kBest && state(index.row()) != State::Done)
                return m_stateIcons[static_cast<size_t>(state(index.row()))].pixmap(QSize(kStateIcon, kStateIcon), qGuiApp->devicePixelRatio());
            return {};
        case kSortRole: return sortKey(row, index.column());
        case kStateRole: return static_cast<int>(state(index.row()));
        default: return {};
    }
}

QVariant ImageListModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
        case kName: return tr("Image");
        case kBest: return tr("Best candidate");
        case kConfidence: return tr("Confidence");
        case kMargin: return tr("Margin");
        case kEntropy: return tr("Entropy");
        case kState: return tr("State");
        default: return {};
    }
}

}  // namespace shortlist::app

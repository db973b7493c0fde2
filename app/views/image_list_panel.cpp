// SPDX-License-Identifier: Apache-2.0
#include "app/views/image_list_panel.h"

#include <QEvent>
#include <QHeaderView>
#include <QMenu>
#include <QVBoxLayout>

#include "app/views/bar_delegate.h"
#include "app/views/icons.h"

namespace shortlist::app {
namespace {

struct Order {
    const char* text;
    int column;
    Qt::SortOrder direction;
};
// The doubtful ones first: that is what a reviewer looks for.
constexpr Order kOrders[] = {
    {QT_TRANSLATE_NOOP("shortlist::app::ImageListPanel", "in the order added"), -1, Qt::AscendingOrder},
    {QT_TRANSLATE_NOOP("shortlist::app::ImageListPanel", "by name"), ImageListModel::kName, Qt::AscendingOrder},
    {QT_TRANSLATE_NOOP("shortlist::app::ImageListPanel", "by best candidate"), ImageListModel::kBest, Qt::AscendingOrder},
    {QT_TRANSLATE_NOOP("shortlist::app::ImageListPanel", "lowest confidence first"), ImageListModel::kConfidence, Qt::AscendingOrder},
    {QT_TRANSLATE_NOOP("shortlist::app::ImageListPanel", "highest confidence first"), ImageListModel::kConfidence, Qt::DescendingOrder},
    {QT_TRANSLATE_NOOP("shortlist::app::ImageListPanel", "smallest margin first"), ImageListModel::kMargin, Qt::AscendingOrder},
    {QT_TRANSLATE_NOOP("shortlist::app::ImageListPanel", "highest entropy first"), ImageListModel::kEntropy, Qt::DescendingOrder},
    {QT_TRANSLATE_NOOP("shortlist::app::ImageListPanel", "by state"), ImageListModel::kState, Qt::AscendingOrder},
};

std::array<QIcon, ImageListModel::kStates> stateIcons() {
    return {themedIcon(QStringLiteral("waiting")), themedIcon(QStringLiteral("done")), themedIcon(QStringLiteral("failed")), themedIcon(QStringLiteral("cancelled")),
            themedIcon(QStringLiteral("earlier"))};
}

}  // namespace

ImageListPanel::ImageListPanel(ImageListModel& images, QWidget* parent)
    : QWidget(parent), m_images(images), m_text(new QLineEdit(this)), m_state(new QComboBox(this)), m_order(new QComboBox(this)), m_bar(new NoticeBar(this)), m_list(new QTreeView(this)) {
    m_shown.setSourceModel(&m_images);
    m_images.setPictures(
        [this](const ImageRef& image) {
            const QPixmap picture = m_thumbnails.thumbnail(image);
            QIcon icon(picture);
            icon.addPixmap(picture, QIcon::Selected);  // a photograph keeps its colours where the row is selected
            return QVariant(icon);
        },
        stateIcons());
    build();
    connect(&m_thumbnails, &ThumbnailLoader::ready, &m_images, &ImageListModel::thumbnailReady);
    connect(m_text, &QLineEdit::textChanged, &m_shown, &ImageFilterModel::setText);
    connect(m_state, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_shown.setState(index <= 0 ? std::nullopt : std::optional(static_cast<ImageListModel::State>(index - 1)));
    });
    for (const auto& signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m_shown, signal, this, [this] {
            if ((m_shown.rowCount() == 0) != (m_notice == Notice::Hidden))  // one row at a time comes and goes under a filter
                refreshNotice();
        });
    connect(m_order, &QComboBox::currentIndexChanged, this, &ImageListPanel::sortBy);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] { Q_EMIT currentRowChanged(currentRow()); });
    connect(m_list->header(), &QHeaderView::customContextMenuRequested, this, &ImageListPanel::chooseColumns);
    connect(m_bar, &NoticeBar::triggered, this, [this] {
        if (m_notice == Notice::Explain)
            Q_EMIT explainAllWanted();
        else if (m_notice == Notice::Again)
            Q_EMIT classifyAgainWanted();
        else
            m_text->clear(), m_state->setCurrentIndex(0);
    });
    retranslate();
}

void ImageListPanel::build() {
    m_text->setClearButtonEnabled(true);
    m_text->setObjectName(QStringLiteral("filter"));
    m_list->setObjectName(QStringLiteral("images"));
    m_list->setModel(&m_shown);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->setAlternatingRowColors(true);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setIconSize({ThumbnailLoader::kSide, ThumbnailLoader::kSide});
    m_list->setItemDelegate(new RoomyDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    QHeaderView* header = m_list->header();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setSectionResizeMode(ImageListModel::kName, QHeaderView::Stretch);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setColumnWidth(ImageListModel::kBest, 130);
    m_list->setColumnWidth(ImageListModel::kConfidence, 92);
    for (const int column : {ImageListModel::kMargin, ImageListModel::kEntropy, ImageListModel::kState})
        m_list->setColumnHidden(column, true);
    auto* filters = new QHBoxLayout;
    filters->setContentsMargins(6, 6, 6, 0);
    filters->addWidget(m_text, 1);
    filters->addWidget(m_state);
    auto* order = new QHBoxLayout;
    order->setContentsMargins(6, 0, 6, 0);
    order->addWidget(m_order, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(filters);
    layout->addLayout(order);
    layout->addWidget(m_bar);
    layout->addWidget(m_list, 1);
}

void ImageListPanel::retranslate() {
    m_text->setPlaceholderText(tr("Filter by name or candidate"));
    m_text->setAccessibleName(tr("Filter by name or candidate"));
    m_state->setAccessibleName(tr("Filter by state"));
    m_order->setAccessibleName(tr("Order"));
    m_list->setAccessibleName(tr("Images"));
    const int state = std::max(0, m_state->currentIndex()), order = std::max(0, m_order->currentIndex());
    const QSignalBlocker quietState(m_state), quietOrder(m_order);
    m_state->clear();
    m_state->addItem(tr("all"));
    for (int i = 0; i < ImageListModel::kStates; ++i)
        m_state->addItem(ImageListModel::stateText(static_cast<ImageListModel::State>(i)));
    m_order->clear();
    for (const Order& one : kOrders)
        m_order->addItem(tr(one.text));
    m_state->setCurrentIndex(state);
    m_order->setCurrentIndex(order);
    refreshNotice();
}

void ImageListPanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void ImageListPanel::sortBy(int index) {
    const Order& order = kOrders[std::clamp(index, 0, static_cast<int>(std::size(kOrders)) - 1)];
    m_shown.sort(order.column, order.direction);
    m_list->scrollTo(m_list->currentIndex());
}

// Margin, entropy and state have columns of their own for those who want to see them side by side.
void ImageListPanel::chooseColumns(const QPoint& at) {
    QMenu menu(this);
    for (int column = ImageListModel::kBest; column < ImageListModel::kColumns; ++column) {
        QAction* action = menu.addAction(m_images.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!m_list->isColumnHidden(column));
        connect(action, &QAction::toggled, m_list, [this, column](bool shown) { m_list->setColumnHidden(column, !shown); });
    }
    menu.exec(m_list->header()->mapToGlobal(at));
}

int ImageListPanel::currentRow() const { return m_shown.mapToSource(m_list->currentIndex()).row(); }
void ImageListPanel::setCurrentRow(int row) { m_list->setCurrentIndex(m_shown.mapFromSource(m_images.index(row, 0))); }

std::vector<int> ImageListPanel::selectedRows() const {
    std::vector<int> rows;
    for (const QModelIndex& index : m_list->selectionModel()->selectedRows())
        rows.push_back(m_shown.mapToSource(index).row());
    return rows;
}

std::vector<int> ImageListPanel::shownRows() const {
    std::vector<int> rows;
    for (int i = 0; i < m_shown.rowCount(); ++i)
        rows.push_back(m_shown.mapToSource(m_shown.index(i, 0)).row());
    return rows;
}

void ImageListPanel::step(int by) {
    const int row = std::clamp(m_list->currentIndex().row() + by, 0, std::max(0, m_shown.rowCount() - 1));
    m_list->setCurrentIndex(m_shown.index(row, 0));
}

void ImageListPanel::updateNotice(bool busy, bool logprobs) {
    m_busy = busy;
    m_logprobs = logprobs;
    refreshNotice();
}

void ImageListPanel::refreshNotice() {
    const ImageListModel::Counts counts = m_images.counts();
    const int earlier = counts.of(ImageListModel::State::Earlier);
    m_notice = m_shown.rowCount() == 0 && m_images.rowCount() > 0 ? Notice::Hidden
               : m_busy                                            ? Notice::None
               : earlier > 0                                       ? Notice::Again
               : counts.withoutLogprobs > 0 && m_logprobs          ? Notice::Explain
                                                                   : Notice::None;
    switch (m_notice) {
        case Notice::Hidden: return m_bar->showNotice(tr("No image passes the filter."), tr("Show all"));
        case Notice::Again: return m_bar->showNotice(tr("%n answers are from an earlier model.", nullptr, earlier), tr("Classify again"));
        case Notice::Explain: return m_bar->showNotice(tr("%n images have no logprobs.", nullptr, counts.withoutLogprobs), tr("Explain all"));
        case Notice::None: return m_bar->showNotice({}, {});
    }
}

}  // namespace shortlist::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QComboBox>
#include <QLineEdit>
#include <QTreeView>
#include <QWidget>
#include <vector>

#include "app/models/image_filter_model.h"
#include "app/views/notice_bar.h"
#include "app/work/thumbnail_loader.h"

namespace shortlist::app {

// The list of images with its filters, order and notices. Rows are those of the model, not of what is shown. GUI thread.
class ImageListPanel : public QWidget {
    Q_OBJECT

  public:
    explicit ImageListPanel(ImageListModel& images, QWidget* parent = nullptr);

    int currentRow() const;  // -1 without one
    void setCurrentRow(int row);
    std::vector<int> selectedRows() const;
    std::vector<int> shownRows() const;  // in the order shown
    void step(int by);
    QTreeView* list() const { return m_list; }
    // Says what the counts ask for; called when answers have come.
    void updateNotice(bool busy, bool logprobs);
    void clearPictures() { m_thumbnails.clear(); }

  Q_SIGNALS:
    void currentRowChanged(int row);
    void explainAllWanted();
    void classifyAgainWanted();

  protected:
    void changeEvent(QEvent* event) override;

  private:
    enum class Notice { None, Explain, Again, Hidden };

    void build();
    void retranslate();
    void sortBy(int index);
    void chooseColumns(const QPoint& at);
    void refreshNotice();

    ImageListModel& m_images;
    ImageFilterModel m_shown;
    ThumbnailLoader m_thumbnails;
    Notice m_notice = Notice::None;
    bool m_busy = false, m_logprobs = true;
    QLineEdit* m_text;
    QComboBox* m_state;
    QComboBox* m_order;
    NoticeBar* m_bar;
    QTreeView* m_list;
};

}  // namespace shortlist::app

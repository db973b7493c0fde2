// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QLabel>
#include <QScrollArea>
#include <QTreeView>
#include <QWidget>

#include "app/models/candidate_model.h"
#include "app/views/notice_bar.h"
#include "app/views/token_strip.h"

namespace shortlist::app {

// The answer for the selected image: best candidate in large, how sure the model is in words and numbers, the ranked
// list. GUI thread.
class CandidatePanel : public QWidget {
    Q_OBJECT

  public:
    explicit CandidatePanel(QWidget* parent = nullptr);

    // Null: nothing to show, with `message` in place of the answer.
    void setOutcome(std::shared_ptr<const engine::Outcome> outcome, const QString& message);
    void setTopK(int topK);
    void setShowLogprobs(bool logprobs);
    void copy() const;
    CandidateModel& model() { return m_model; }

  Q_SIGNALS:
    // The labels may lack the spellings that the model prefers.
    void capitalsWanted();

  protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

  private:
    void refresh();
    void fitTokens();
    QString certainty() const;
    QString hint() const;
    QString answerCertainty() const;

    std::shared_ptr<const engine::Outcome> m_outcome;
    QString m_message;
    CandidateModel m_model;
    QLabel* m_best;
    QLabel* m_certainty;
    TokenStrip* m_tokens;
    QScrollArea* m_tokenArea;  // a long answer leaves room for the list
    QTreeView* m_list;
    NoticeBar* m_offer;
    QLabel* m_hint;
};

}  // namespace shortlist::app

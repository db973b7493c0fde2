// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QTranslator>

namespace shortlist::app {

// "light", "dark", or empty for the system's palette. Every widget follows at once.
void setAppearance(const QString& appearance);

// The language of the window; lives as long as the application. GUI thread.
class Language {
  public:
    // "en", "zh_CN", or empty for the system's. Every widget gets LanguageChange.
    void set(const QString& language);

  private:
    QTranslator m_own, m_qt;
};

}  // namespace shortlist::app

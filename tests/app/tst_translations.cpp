// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

class TranslationsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    // Every message has a finished Chinese translation with the same place markers.
    void chineseIsComplete() {
        QFile file(QStringLiteral(SHORTLIST_SOURCE_DIR "/translations/shortlist_zh_CN.ts"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QXmlStreamReader xml(&file);
        QString source;
        int messages = 0;
        while (!xml.atEnd()) {
            xml.readNext();
            if (!xml.isStartElement())
                continue;
            if (xml.name() == QLatin1String("source")) {
                source = xml.readElementText();
            } else if (xml.name() == QLatin1String("translation")) {
                QVERIFY2(!xml.attributes().hasAttribute("type"), qPrintable("not finished: " + source));
                const QString text = xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed();
                QVERIFY2(!text.isEmpty(), qPrintable("empty: " + source));
                static const QRegularExpression marker(QStringLiteral("%[0-9n]"));
                for (auto it = marker.globalMatch(source); it.hasNext();) {
                    const QString found = it.next().captured();
                    QVERIFY2(text.contains(found), qPrintable(found + " is missing in: " + text));
                }
                ++messages;
            }
        }
        QVERIFY(!xml.hasError());
        QVERIFY(messages > 60);
    }
};

QTEST_GUILESS_MAIN(TranslationsTest)
#include "tst_translations.moc"

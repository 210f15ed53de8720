// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/filenotice.h"

#include "app/settings/icons.h"
#include "app/settings/theme.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

FileNotice::FileNotice(const LogFollower *follower, QWidget *parent)
    : QWidget(parent)
    , m_follower(follower)
{
    setObjectName(u"fileNotice"_s);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(10, 2, 8, 4);
    row->setSpacing(6);
    m_sign = new QLabel(this);
    row->addWidget(m_sign);
    m_text = new QLabel(this);
    m_text->setObjectName(u"fileNoticeText"_s);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(m_text, 1);
    auto *again = new QToolButton(this);
    again->setObjectName(u"readAgain"_s);
    again->setText(tr("Read again"));
    again->setToolTip(tr("Read all files again, and look for failures in what is new (F5)"));
    again->setAutoRaise(true);
    row->addWidget(again);
    hide();
    connect(again, &QToolButton::clicked, this, &FileNotice::readAgainWanted);
    connect(m_follower, &LogFollower::stateChanged, this, &FileNotice::refresh);
}

FileNotice::State FileNotice::state() const
{
    const auto &watched = m_follower->watched();
    const auto worst = std::ranges::max_element(watched, {}, &LogFollower::Watched::state);
    return worst == watched.end() ? State::AsRead : worst->state;
}

void FileNotice::refresh()
{
    const auto &watched = m_follower->watched();
    const State worst = state();
    setVisible(worst != State::AsRead);
    if (worst == State::AsRead)
        return;
    const auto count = std::ranges::count(watched, worst, &LogFollower::Watched::state);
    const auto first = std::ranges::find(watched, worst, &LogFollower::Watched::state);
    qint64 addedLines = 0;
    for (const auto &one : watched)
        addedLines += one.addedLines;
    const QLocale locale;
    const QString name = watched.size() == 1 ? tr("This file") : QFileInfo(first->path).fileName();
    QString text;
    switch (worst) {
    case State::AsRead: break;
    case State::Grown:
        text = addedLines == 1 ? tr("1 new line since the log was read; it was not looked at for failures yet")
                               : tr("%1 new lines since the log was read; they were not looked at for failures yet")
                                     .arg(locale.toString(addedLines));
        break;
    case State::Shrunk:
        text = tr("%1 is %2 shorter than when it was read; its last lines are gone")
                   .arg(name, locale.formattedDataSize(first->missingBytes));
        break;
    case State::Changed: text = tr("%1 was written anew since it was read; its lines may be others").arg(name); break;
    case State::Gone: text = tr("%1 is gone; what was read of it may not be readable to its end").arg(name); break;
    }
    if (worst != State::Grown && count > 1)
        text = tr("%1 (and %2 more)").arg(text).arg(count - 1);
    const ThemeColors &colors = themeColors(palette());
    m_sign->setPixmap(worst == State::Grown ? icon(u"info"_s, colors.accent).pixmap(16, 16)
                                            : icon(u"warning"_s, colors.warning).pixmap(16, 16));
    m_text->setText(text);
    m_text->setToolTip(text);
}

} // namespace faultline

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/savedsearches.h"

#include "charts/core/theme.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace faultline {

qsizetype SavedSearches::indexOf(const SearchQuery &query) const
{
    for (qsizetype i = 0; i < m_all.size(); ++i) {
        if (m_all.at(i).query == query)
            return i;
    }
    return -1;
}

bool SavedSearches::add(const SearchQuery &query)
{
    if (m_all.size() >= Most || indexOf(query) >= 0 || !SearchPlan::of(query))
        return false;
    int color = 0;
    if (!m_all.isEmpty())
        color = (m_all.last().color + 1) % Colors;
    m_all.append({query.text, query, color, true});
    Q_EMIT changed();
    return true;
}

void SavedSearches::remove(qsizetype index)
{
    m_all.removeAt(index);
    Q_EMIT changed();
}

void SavedSearches::setMarked(qsizetype index, bool marked)
{
    m_all[index].isMarked = marked;
    Q_EMIT changed();
}

void SavedSearches::setColor(qsizetype index, int color)
{
    m_all[index].color = color % Colors;
    Q_EMIT changed();
}

std::vector<TextMark> SavedSearches::marks(bool dark) const
{
    std::vector<TextMark> marks;
    for (const SavedSearch &saved : m_all) {
        const auto plan = saved.isMarked ? SearchPlan::of(saved.query) : failure(Code::Ok, {});
        if (!plan)
            continue;
        QColor ground = color(saved.color, dark);
        ground.setAlphaF(0.32F);
        for (const SearchTerm &term : plan->wanted())
            marks.push_back({term.expression(), ground});
    }
    return marks;
}

QColor SavedSearches::color(int index, bool dark)
{
    return Theme::plain(dark).series(index);
}

QByteArray SavedSearches::toJson() const
{
    QJsonArray array;
    for (const SavedSearch &saved : m_all) {
        array.append(QJsonObject{{u"name"_s, saved.name},
                                 {u"text"_s, saved.query.text},
                                 {u"regex"_s, saved.query.isRegex},
                                 {u"case"_s, saved.query.caseSensitive},
                                 {u"word"_s, saved.query.wholeWord},
                                 {u"combined"_s, saved.query.isCombined},
                                 {u"color"_s, saved.color},
                                 {u"marked"_s, saved.isMarked}});
    }
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

void SavedSearches::restore(const QByteArray &json)
{
    m_all.clear();
    const QJsonArray array = QJsonDocument::fromJson(json).array();
    for (const auto &value : array) {
        const QJsonObject object = value.toObject();
        const SearchQuery query{object[u"text"_s].toString(), object[u"regex"_s].toBool(), object[u"case"_s].toBool(),
                                object[u"word"_s].toBool(), object[u"combined"_s].toBool()};
        if (m_all.size() < Most && indexOf(query) < 0 && SearchPlan::of(query))
            m_all.append({object[u"name"_s].toString(query.text), query,
                          std::max(0, object[u"color"_s].toInt()) % Colors, object[u"marked"_s].toBool(true)});
    }
    Q_EMIT changed();
}

} // namespace faultline

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/redactionmodel.h"

#include "app/settings/theme.h"

#include <QFont>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

// Internal ids: 0 for rules; rule + 1 for values; with (value + 1) above it for places.
constexpr int HitShift = 16;
constexpr quintptr RuleMask = (quintptr{1} << HitShift) - 1;
constexpr int MostShown = 240; ///< Characters of a value.

QString shown(const QString &value)
{
    const QString line = value.simplified();
    return line.size() > MostShown ? QString(line.left(MostShown) + u'…') : line;
}

} // namespace

QString RedactionModel::valuesText(qint64 count)
{
    return count == 1 ? tr("1 value") : tr("%L1 values").arg(count);
}

QString RedactionModel::placesText(qint64 count)
{
    return count == 1 ? tr("1 place") : tr("%L1 places").arg(count);
}

void RedactionModel::setRules(std::vector<RedactionRule> rules)
{
    beginResetModel();
    m_rules = std::move(rules);
    m_hits.assign(m_rules.size(), {});
    endResetModel();
}

void RedactionModel::setHits(std::vector<std::vector<RedactionHit>> hits)
{
    const auto sizes = [](const auto &all) {
        std::vector<std::pair<QString, size_t>> result;
        for (const auto &hitsOfRule : all) {
            result.emplace_back(QString(), hitsOfRule.size());
            for (const RedactionHit &hit : hitsOfRule)
                result.emplace_back(hit.value, hit.places.size());
        }
        return result;
    };
    // The same values: what is open in a view stays open.
    if (sizes(hits) == sizes(m_hits)) {
        m_hits = std::move(hits);
        for (int rule = 0; rule < rowCount(); ++rule) {
            const QModelIndex parent = index(rule, 0);
            Q_EMIT dataChanged(parent, index(rule, ColumnCount - 1));
            for (int hit = 0; hit < rowCount(parent); ++hit) {
                const QModelIndex value = index(hit, 0, parent);
                Q_EMIT dataChanged(value, index(hit, ColumnCount - 1, parent));
                if (const int places = rowCount(value); places > 0)
                    Q_EMIT dataChanged(index(0, 0, value), index(places - 1, ColumnCount - 1, value));
            }
        }
        return;
    }
    beginResetModel();
    m_hits = std::move(hits);
    m_hits.resize(m_rules.size());
    endResetModel();
}

void RedactionModel::setGroup(bool secrets, bool on)
{
    for (RedactionRule &rule : m_rules)
        if (rule.isSecret == secrets)
            rule.isOn = on;
    if (!m_rules.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, 0), {Qt::CheckStateRole});
    Q_EMIT choicesChanged();
}

Qt::CheckState RedactionModel::group(bool secrets) const
{
    const auto isOfGroup = [secrets](const RedactionRule &rule) { return rule.isSecret == secrets; };
    const auto all = std::ranges::count_if(m_rules, isOfGroup);
    const auto on =
        std::ranges::count_if(m_rules, [&](const RedactionRule &rule) { return isOfGroup(rule) && rule.isOn; });
    return on == 0 ? Qt::Unchecked : on == all ? Qt::Checked : Qt::PartiallyChecked;
}

std::pair<qint64, qint64> RedactionModel::replaced() const
{
    std::pair<qint64, qint64> result;
    for (size_t rule = 0; rule < m_hits.size(); ++rule)
        for (const RedactionHit &hit : m_hits[rule])
            if (!isKept(static_cast<int>(rule), hit)) {
                ++result.first;
                result.second += hit.count;
            }
    return result;
}

bool RedactionModel::isKept(int rule, const RedactionHit &hit) const
{
    return !m_rules[static_cast<size_t>(rule)].isOn || m_kept.contains(hit.value);
}

QModelIndex RedactionModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const Place place = placeOf(parent);
    if (place.rule < 0)
        return createIndex(row, column, quintptr{0});
    const quintptr rule = static_cast<quintptr>(place.rule) + 1;
    if (place.hit < 0)
        return createIndex(row, column, rule);
    return createIndex(row, column, rule | (static_cast<quintptr>(place.hit) + 1) << HitShift);
}

QModelIndex RedactionModel::parent(const QModelIndex &index) const
{
    const Place place = placeOf(index);
    if (place.place >= 0)
        return createIndex(place.hit, 0, static_cast<quintptr>(place.rule) + 1);
    return place.hit >= 0 ? createIndex(place.rule, 0, quintptr{0}) : QModelIndex();
}

RedactionModel::Place RedactionModel::placeOf(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    const int rule = static_cast<int>(index.internalId() & RuleMask) - 1;
    const int hit = static_cast<int>(index.internalId() >> HitShift) - 1;
    if (rule < 0)
        return {index.row(), -1, -1};
    return hit < 0 ? Place{rule, index.row(), -1} : Place{rule, hit, index.row()};
}

const RedactionHit &RedactionModel::hitOf(const Place &place) const
{
    return m_hits[static_cast<size_t>(place.rule)][static_cast<size_t>(place.hit)];
}

int RedactionModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_rules.size());
    const Place place = placeOf(parent);
    if (parent.column() != 0 || place.place >= 0)
        return 0;
    return static_cast<int>(place.hit < 0 ? m_hits[static_cast<size_t>(place.rule)].size()
                                          : hitOf(place).places.size());
}

int RedactionModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant RedactionModel::ruleData(int row, int column, int role) const
{
    const RedactionRule &rule = m_rules[static_cast<size_t>(row)];
    const auto &hits = m_hits[static_cast<size_t>(row)];
    if (role == Qt::CheckStateRole && column == FoundColumn)
        return static_cast<int>(rule.isOn ? Qt::Checked : Qt::Unchecked);
    if (role == Qt::ForegroundRole && hits.empty())
        return themeColors(QGuiApplication::palette()).faint;
    if (role == Qt::FontRole && column == FoundColumn && !hits.empty()) {
        QFont font = QGuiApplication::font();
        font.setWeight(QFont::DemiBold);
        return font;
    }
    if (role != Qt::DisplayRole)
        return {};
    qint64 places = 0;
    for (const RedactionHit &hit : hits)
        places += hit.count;
    switch (column) {
    case FoundColumn: return rule.title;
    case BecomesColumn: return hits.empty() ? QString() : valuesText(static_cast<qint64>(hits.size()));
    default: return hits.empty() ? QString() : placesText(places);
    }
}

QVariant RedactionModel::hitData(const RedactionHit &hit, int column, int role) const
{
    if (role == Qt::FontRole)
        return column == WhereColumn ? QVariant() : QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case FoundColumn: return shown(hit.value);
    case BecomesColumn: return hit.isKept ? tr("stays") : hit.pseudonym;
    default: return hit.places.size() == 1 ? hit.places.front().where : placesText(hit.count);
    }
}

QVariant RedactionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Place place = placeOf(index);
    if (place.hit < 0)
        return ruleData(place.rule, index.column(), role);
    const RedactionHit &hit = hitOf(place);
    const bool stays = isKept(place.rule, hit);
    if (role == Qt::ForegroundRole && (stays || place.place >= 0))
        return themeColors(QGuiApplication::palette()).faint;
    if (place.place < 0) {
        if (role == Qt::CheckStateRole && index.column() == FoundColumn)
            return static_cast<int>(stays ? Qt::Unchecked : Qt::Checked);
        return hitData(hit, index.column(), role);
    }
    const RedactionPlace &where = hit.places[static_cast<size_t>(place.place)];
    const QString &text = index.column() == FoundColumn     ? where.before
                          : index.column() == BecomesColumn ? where.after
                                                            : where.where;
    if (role == Qt::FontRole)
        return index.column() == WhereColumn ? QVariant() : QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (role == Qt::ToolTipRole)
        return text.toHtmlEscaped();
    return role == Qt::DisplayRole ? QVariant(text) : QVariant();
}

bool RedactionModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const Place place = placeOf(index);
    if (role != Qt::CheckStateRole || index.column() != FoundColumn || place.rule < 0 || place.place >= 0)
        return false;
    const bool isOn = value.toInt() == Qt::Checked;
    RedactionRule &rule = m_rules[static_cast<size_t>(place.rule)];
    if (place.hit < 0) {
        rule.isOn = isOn;
    } else if (isOn) {
        // One value of a rule that is off: the rule is used, its other values stay.
        if (!std::exchange(rule.isOn, true))
            for (const RedactionHit &other : m_hits[static_cast<size_t>(place.rule)])
                m_kept.insert(other.value);
        m_kept.remove(hitOf(place).value);
    } else {
        m_kept.insert(hitOf(place).value);
    }
    const QModelIndex top = this->index(place.rule, 0);
    Q_EMIT dataChanged(top, top);
    if (const int hits = rowCount(top); hits > 0)
        Q_EMIT dataChanged(this->index(0, 0, top), this->index(hits - 1, ColumnCount - 1, top));
    Q_EMIT choicesChanged();
    return true;
}

Qt::ItemFlags RedactionModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractItemModel::flags(index);
    const Place place = placeOf(index);
    return place.rule >= 0 && place.place < 0 && index.column() == FoundColumn ? flags | Qt::ItemIsUserCheckable
                                                                               : flags;
}

QVariant RedactionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case FoundColumn: return tr("Found");
    case BecomesColumn: return tr("Becomes");
    case WhereColumn: return tr("Where");
    default: return {};
    }
}

} // namespace faultline

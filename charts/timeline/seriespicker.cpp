// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/timeline/seriespicker.h"

#include "charts/core/format.h"
#include "charts/core/telling.h"
#include "charts/timeline/trackarrangement.h"
#include "charts/tracks/bartrack.h"
#include "models/findings/metricrules.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTreeView>
#include <QVBoxLayout>

#include <map>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

enum Role { SeriesRole = Qt::UserRole + 1, WordsRole };

constexpr int FewMatches = 200; ///< Groups of so many are opened unasked.

class FoundSeries final : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setSearch(const QString &text)
    {
        m_search = text;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        const QModelIndex index = sourceModel()->index(row, 0, parent);
        return index.data(SeriesRole).isValid() && matchesWords(index.data(WordsRole).toString(), m_search);
    }

private:
    QString m_search;
};

QString ownerOf(const SourceEvidence &source, const Series &series)
{
    for (const char *label : {"pod", "pod_name", "container", "instance", "node", "host"})
        if (const QByteArray value = series.label(label); !value.isEmpty())
            return shownText(value, 80);
    for (const QByteArray &value : {source.identity.pod, source.identity.host})
        if (!value.isEmpty())
            return shownText(value, 80);
    return sourceTitle(source);
}

QStandardItem *groupItem(const QString &text)
{
    auto *item = new QStandardItem(text);
    item->setEditable(false);
    item->setToolTip(text);
    return item;
}

} // namespace

SeriesPicker::SeriesPicker(const Analysis &analysis, const QSet<int> &shown, QWidget *parent)
    : QDialog(parent)
    , m_model(new QStandardItemModel(this))
    , m_found(new FoundSeries(this))
    , m_search(new QLineEdit(this))
    , m_count(new QLabel(this))
    , m_tree(new QTreeView(this))
{
    setWindowTitle(tr("Series on the timeline"));
    resize(640, 560);
    auto *column = new QVBoxLayout(this);
    m_search->setObjectName(u"seriesSearch"_s);
    m_search->setPlaceholderText(tr("Search names and labels: \"api memory\""));
    m_search->setAccessibleName(tr("Search series"));
    m_search->setClearButtonEnabled(true);
    column->addWidget(m_search);
    m_found->setRecursiveFilteringEnabled(true);
    m_found->setSourceModel(m_model);
    m_tree->setObjectName(u"seriesTree"_s);
    m_tree->setModel(m_found);
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setAccessibleName(tr("Series by pod and resource"));
    column->addWidget(m_tree, 1);
    m_count->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(m_count);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    column->addWidget(buttons);
    fill(analysis, shown);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    connect(m_search, &QLineEdit::textChanged, this, &SeriesPicker::search);
    connect(m_model, &QStandardItemModel::itemChanged, this, [this](const QStandardItem *item) {
        if (item->isCheckable())
            Q_EMIT shownChanged(item->data(SeriesRole).toInt(), item->checkState() == Qt::Checked);
    });
    search({});
    m_search->setFocus();
}

void SeriesPicker::fill(const Analysis &analysis, const QSet<int> &shown)
{
    if (!analysis.evidence)
        return;
    const MetricRules &rules = MetricRules::shipped();
    const auto all = analysis.evidence->allSeries();
    // By owner, then in the order in which failures look at resources.
    std::map<QString, std::map<std::pair<size_t, QString>, QList<QStandardItem *>>> groups;
    for (size_t i = 0; i < all.size(); ++i) {
        const Series &series = analysis.evidence->series(all[i]);
        if (series.values.empty())
            continue;
        const auto &source = *analysis.evidence->sources[static_cast<size_t>(all[i].source)];
        const MetricFamily *family = rules.familyOf(series);
        const QString resource = rules.isConstant(series) ? tr("limits and constants")
                                 : family                 ? QString::fromLatin1(family->resource)
                                                          : tr("other");
        const size_t order = rules.isConstant(series) ? rules.families().size() + 1 : rules.orderOf(family);
        const QString owner = ownerOf(source, series);
        QStandardItem *item = groupItem(seriesTitle(series));
        item->setData(static_cast<int>(i), SeriesRole);
        item->setData(QString(owner % u' ' % resource % u' ' % faultline::shownText(series.id(), 1000) % u' '
                              % sourceTitle(source)),
                      WordsRole);
        item->setToolTip(faultline::shownText(series.id(), 1000));
        item->setCheckable(true);
        item->setCheckState(shown.contains(static_cast<int>(i)) ? Qt::Checked : Qt::Unchecked);
        groups[owner][{order, resource}].append(item);
    }
    for (const auto &[owner, resources] : groups) {
        QStandardItem *top = groupItem(owner);
        for (const auto &[resource, items] : resources) {
            QStandardItem *middle = groupItem(resource.second % u" ("_s % QLocale().toString(items.size()) % u')');
            middle->appendRows(items);
            top->appendRow(middle);
        }
        m_model->appendRow(top);
    }
}

void SeriesPicker::setSearch(const QString &text)
{
    m_search->setText(text);
}

void SeriesPicker::search(const QString &text)
{
    static_cast<FoundSeries *>(m_found)->setSearch(text);
    const int count = matches();
    m_count->setText(count == 0 ? tr("No series matches. Fewer words find more.") : tr("%n series", nullptr, count));
    if (count <= FewMatches)
        m_tree->expandAll();
    else
        m_tree->expandToDepth(0);
}

int SeriesPicker::matches() const
{
    int count = 0;
    for (int owner = 0; owner < m_found->rowCount(); ++owner) {
        const QModelIndex top = m_found->index(owner, 0);
        for (int resource = 0; resource < m_found->rowCount(top); ++resource)
            count += m_found->rowCount(m_found->index(resource, 0, top));
    }
    return count;
}

} // namespace faultline

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/timescale.h"
#include "charts/flame/flametree.h"
#include "models/views/texts.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QStackedWidget;
class QStandardItemModel;
class QTableView;
class QTreeView;

namespace faultline {

class FlameView;

/// The profiles and thread dumps of a case: as a flame graph from either end, around one function or against another profile, as a table
/// of functions, or as threads grouped by what they do.
class ProfilePanel final : public QWidget
{
    Q_OBJECT

public:
    explicit ProfilePanel(QWidget *parent = nullptr);

    void setAnalysis(const Analysis &analysis);
    /// Shows a profile or the threads of a source; false where it has none.
    bool showSource(int source);
    /// Shows one profile of a source; false where it has none of that index.
    bool showProfile(int source, int profile);
    /// Offers only the profiles that lie in a range, or all.
    void setRange(std::optional<TimeRange> range);
    bool isEmpty() const;
    /// Whether call paths are still being added up, apart from the window.
    bool isBusy() const { return m_isBusy; }
    FlameView *flames() const { return m_flames; }
    FlameView *below() const { return m_below; }
    QTableView *functions() const { return m_functions; }
    QTreeView *threads() const { return m_threads; }

Q_SIGNALS:
    void lineActivated(int source, qint64 line);
    void message(const QString &text);

protected:
    void showEvent(QShowEvent *event) override;

private:
    enum View { Callees, Callers, Around, Difference, Functions };
    struct Choice {
        int source = -1;
        int profile = -1; ///< -1: the source's threads.
    };

    /// What is added up for a view of a profile.
    struct Sums {
        FlameTree above;
        std::optional<FlameTree> below;
        std::vector<FunctionWeight> functions;
        QByteArray function; ///< The one that `above` and `below` are around.
    };

    QWidget *buildHead();
    QWidget *buildFlames();
    QWidget *buildFunctions();
    QWidget *buildThreads();
    const Profile *profileOf(int row) const;
    void choose(int row);
    void showView();
    void addUp();
    void showSums(Sums sums);
    void showFunctions(const Profile &profile, std::vector<FunctionWeight> weights);
    bool isInRange(const Choice &choice) const;
    void showThreads(int source);
    void fillCompared(const Profile &profile);
    void search(const QString &text);
    void copyPicture();
    void saveSvg();

    Analysis m_analysis;
    std::optional<TimeRange> m_range;
    bool m_isBusy = false;
    quint64 m_generation = 0; ///< Sums of an older one come too late.
    std::vector<Choice> m_choices;
    bool m_isStale = false; ///< Drawn when it is looked at: a hidden panel adds nothing up.
    QByteArray m_function;  ///< Whose both sides are shown.
    QComboBox *m_choice;
    QComboBox *m_view;
    QComboBox *m_compared;
    QLineEdit *m_search;
    QLabel *m_found;
    QStackedWidget *m_pages;
    FlameView *m_flames;
    FlameView *m_below; ///< What the one function called, below who called it.
    QTableView *m_functions = nullptr;
    QStandardItemModel *m_functionRows;
    QTreeView *m_threads = nullptr;
    QStandardItemModel *m_threadRows;
};

} // namespace faultline

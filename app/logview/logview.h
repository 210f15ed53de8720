// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/logview/logdocument.h"
#include "app/logview/loghighlighter.h"
#include "app/logview/logmarks.h"
#include "app/logview/logrows.h"
#include "app/logview/savedsearches.h"
#include "app/logview/scrollscale.h"
#include "models/views/texts.h"

#include <QAbstractScrollArea>
#include <QHash>
#include <QTextLayout>

#include <functional>
#include <map>

class QMenu;

namespace faultline {

class LevelMap;
class MarkScrollBar;

/// A person's note on lines, by its first.
struct LineNote {
    qint64 lastLine = 0;
    QColor color;
    QString text; ///< Plain, for the tooltip.
};
using LineNotes = std::multimap<qint64, LineNote>;

/// The lines of a document: numbers, times, sources, levels, text. Reads and draws only what is visible, whatever its size. Lines are told
/// by their number in the document.
///
/// Pointer: a click chooses a line, dragging selects text, a double click a word, the gutter whole lines; Shift extends; Ctrl+wheel zooms.
/// Keys: arrows, Page, Home and End move, with Shift they select; Ctrl+C copies, Ctrl+Shift+C copies with the source and line before.
/// As in less and klogg: j k h l, Space and b, d and u, g and G move, / finds, n and N step through what was found, & filters,
/// m sets a bookmark, [ and ] go to them, z folds, w wraps long lines, t goes to a time, F stays at the end, Enter shows a line in full.
class LogView final : public QAbstractScrollArea
{
    Q_OBJECT

public:
    enum class TimeShown { Absolute, SinceFailure, SinceLine }; ///< SinceLine: since the shown line before.
    Q_ENUM(TimeShown)
    enum class Column { Source, Level };
    struct TextPlace {
        qint64 line = 1;
        int column = 0;
        auto operator<=>(const TextPlace &) const = default;
    };
    static constexpr qint64 MostCopiedLines = 100'000;

    explicit LogView(QWidget *parent = nullptr);
    ~LogView() override;

    /// Shows a document from its beginning, all of its lines, without marks.
    void setDocument(std::unique_ptr<LogDocument> document);
    /// More lines of a document of several sources have their place. What is known by number stays.
    void setOrder(std::shared_ptr<const MergedLines> order);
    /// A source of the document has grown. Rows stay as they are.
    void setGrown(int source, std::shared_ptr<const SourceEvidence> evidence);
    void setMarks(LogMarks marks);
    const LogMarks &marks() const { return m_marks; }
    void setNotes(LineNotes notes);
    const LogDocument &document() const { return *m_document; }

    /// Goes to a line; emits no signal.
    void setCurrentLine(qint64 line);
    qint64 currentLine() const { return m_caret.line; }
    qint64 firstVisibleLine() const { return std::max<qint64>(1, m_rows.lineAt(m_top)); }
    int visibleLines() const;
    QRect lineRect(qint64 line) const; ///< In the viewport; null where it is not visible.

    void setTimeShown(TimeShown shown);
    TimeShown timeShown() const { return m_timeShown; }
    /// Columns are chosen for documents of one source and of several apart.
    void setColumnShown(Column column, bool shown);
    bool isColumnShown(Column column) const;
    /// Long lines go on below instead of beyond the edge.
    void setWrapped(bool wrapped);
    bool isWrapped() const { return m_isWrapped; }
    /// Goes to the last line, and stays there when lines are added.
    void setFollowsEnd(bool follows);
    bool followsEnd() const { return m_followsEnd; }
    /// Lines of warnings and of errors, for the map beside the scroll bar.
    void setLevels(LineSet warnings, LineSet errors);
    void setZone(ZoneShown zone);
    /// What times since the failure count from.
    void setReference(std::optional<TimeNs> time);
    void setColoursShown(bool shown);
    bool coloursShown() const { return m_coloursShown; }
    /// Marks what is found in visible lines, and the lines of `hits` in the scroll bar.
    void setFound(std::vector<QRegularExpression> expressions, const LineSet &hits);
    /// What is coloured in all lines besides.
    void setTextMarks(std::vector<TextMark> marks);
    /// Shows only some of the lines; those that stay keep their place.
    void setRows(LogRows rows);
    const LogRows &rows() const { return m_rows; }
    void setBookmarks(LineSet bookmarks);
    const LineSet &bookmarks() const { return m_bookmarks; }
    /// Lines that were not there when the file was read first.
    void setNewLines(LineSet lines);
    const LineSet &newLines() const { return m_newLines; }
    /// A fold that begins with a line: how many lines it hides now (0: it is open), and the strongest mark among those.
    struct Fold {
        qint64 hidden = 0;
        std::optional<MarkKind> strongest;
    };
    /// None where no fold begins with the line. Asked for lines that are in sight; null where there are no folds.
    using FoldAt = std::function<std::optional<Fold>(qint64 line)>;
    void setFolds(FoldAt foldAt);
    std::optional<Fold> foldAt(qint64 line) const { return m_foldAt ? m_foldAt(line) : std::nullopt; }

    /// First and last line of the selection; of the current line where nothing is selected.
    std::pair<qint64, qint64> selectedLines() const { return {ordered().first.line, ordered().second.line}; }
    bool hasSelection() const { return m_anchor != m_caret; }
    QString selectedText() const;
    void changeFontSize(int steps);

public Q_SLOTS:
    void copy();
    /// Each line with "source:line: " before it.
    void copyWithPlace();
    void selectAll();

Q_SIGNALS:
    /// A person chose a line.
    void lineActivated(qint64 line);
    /// Something to say in the status bar: the copy was cut …
    void message(const QString &text);
    void bookmarkWanted(qint64 line);
    /// Goes to the next bookmark, or the one before.
    void nextBookmarkWanted(bool forward);
    void foldWanted(qint64 line);
    void wholeLineWanted(qint64 line);
    void findWanted();
    void nextHitWanted(bool forward);
    void filterWanted();
    void timeWanted();
    void wrapChanged(bool wrapped);
    void followChanged(bool follows);
    /// A menu is about to open on a line: more can be added to it.
    void menuWanted(QMenu *menu, qint64 line);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void timerEvent(QTimerEvent *event) override;

private:
    struct Columns {
        int mark = 0;
        int numberRight = 0;
        int time = 0;
        int timeWidth = 0;
        int source = 0;
        int sourceWidth = 0; ///< 0: not shown.
        int level = 0;
        int levelWidth = 0; ///< 0: not shown.
        int stripe = 0;
        int fold = 0;
        int text = 0;
    };
    /// A row on the screen; in a wrapped view it may be several lines of text high and begin above the viewport.
    struct ShownRow {
        qint64 row = 0;
        qint64 number = 0;
        int y = 0;
        int height = 0;
    };
    void updateMetrics();
    void updateBars();
    void updateScrollMarks();
    void updateLevelMap();
    void placeLevelMap();
    std::vector<ShownRow> shownRows() const;
    int textLines(qint64 number) const;
    qint64 topFor(qint64 row, int space) const;
    /// Whether the current line is among the first `height` pixels of what is shown.
    bool isCaretWithin(int height) const;
    void setTop(qint64 top, int textLine = 0);
    void scrollBy(int textLines);
    void showLine(qint64 line, bool centre);
    void moveCaret(TextPlace place, bool select, bool activate);
    TextPlace placeAt(QPoint position) const;
    std::pair<TextPlace, TextPlace> ordered() const { return std::minmax(m_anchor, m_caret); }
    QString timeText(const LogLine &line, std::optional<TimeNs> before) const;
    /// The line's text, laid out. Valid until the next line that is painted.
    const QTextLayout &layoutOf(qint64 number, const LogLine &line) const;
    QList<QTextLayout::FormatRange> formats(const LogLine &line, qint64 number) const;
    void paintLine(QPainter &painter, const ShownRow &row, qint64 numberBefore) const;
    void paintText(QPainter &painter, const ShownRow &row, const LogLine &line, double &textEnd) const;
    void paintColumns(QPainter &painter, const ShownRow &row, qint64 numberBefore) const;
    void paintSource(QPainter &painter, const ShownRow &row, int source, bool isNamed) const;
    void paintMark(QPainter &painter, const LineMark &mark, qint64 number, int y) const;
    void paintNote(QPainter &painter, qint64 number, int y) const;
    QColor groundOf(const LineMark *mark, qint64 number) const;
    QString copied(bool withPlace, bool *isCut = nullptr) const;
    void copyToClipboard(bool withPlace);
    bool moveByKey(const QKeyEvent &event);
    bool actByKey(const QKeyEvent &event);
    qint64 stepped(qint64 line, qint64 rows) const;
    void paintFold(QPainter &painter, qint64 number, int y, double textEnd) const;
    QString toolTipAt(QPoint position) const;

    std::unique_ptr<LogDocument> m_document;
    mutable LogHighlighter m_highlighter;
    LogMarks m_marks;
    LineNotes m_notes;
    std::vector<QRegularExpression> m_found;
    LineSet m_hits;
    std::vector<TextMark> m_textMarks;
    LogRows m_rows;
    LineSet m_bookmarks;
    LineSet m_newLines;
    LineSet m_warnings;
    LineSet m_errors;
    FoldAt m_foldAt;
    MarkScrollBar *m_bar;
    LevelMap *m_levelMap;
    ScrollScale m_scale;
    Columns m_columns;
    qint64 m_top = 0;      ///< First visible row, from 0.
    int m_topTextLine = 0; ///< How many lines of its text are above the viewport.
    bool m_isWrapped = false;
    bool m_followsEnd = false;
    mutable QHash<qint64, int> m_textLines; ///< By number, while the view is wrapped.
    /// Lines on the screen, by number: of a view that scrolls most were there before.
    struct LaidOut {
        QTextLayout layout;
        int width = 0; ///< 0: not wrapped.
    };
    mutable std::map<qint64, LaidOut> m_laidOut;
    int m_rowHeight = 16;
    int m_charWidth = 8;
    int m_widest = 0; ///< Pixels of the widest line seen.
    int m_wheelRest = 0;
    TextPlace m_anchor;
    TextPlace m_caret;
    bool m_isDragging = false;
    bool m_dragsLines = false;
    int m_dragTimer = 0;
    bool m_movesBar = false;
    bool m_centresWhenShown = false; ///< The line was chosen before the view had its size.
    TimeShown m_timeShown = TimeShown::Absolute;
    bool m_showsSource[2] = {false, true}; ///< Of one source, of several.
    bool m_showsLevel[2] = {false, true};
    std::map<int, QColor> m_sourceColors;
    ZoneShown m_zone = ZoneShown::Utc;
    std::optional<TimeNs> m_reference;
    bool m_coloursShown = true;
};

} // namespace faultline

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/postmortemeditor.h"

#include "app/pages/pictures.h"
#include "app/settings/icons.h"
#include "app/settings/theme.h"
#include "app/shell/markdownedit.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QShortcut>
#include <QStandardItemModel>
#include <QSvgRenderer>
#include <QTextBlock>
#include <QTextBrowser>
#include <QVBoxLayout>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int PostmortemSettleMs = 350;

/// Shows what it is given and nothing from anywhere else: a stranger's case may name files and addresses.
class PageBrowser final : public QTextBrowser
{
public:
    using QTextBrowser::QTextBrowser;

    void setPicture(const QString &name, const QImage &image) { m_pictures[name] = image; }
    void showPage(const QString &style, const QString &body)
    {
        document()->clear(); // forgets pictures too, which may be others now
        for (auto picture = m_pictures.cbegin(); picture != m_pictures.cend(); ++picture)
            document()->addResource(QTextDocument::ImageResource, QUrl(u"faultline:"_s + picture.key()), *picture);
        document()->setDefaultStyleSheet(style);
        setHtml(body);
        // What only reaches into the margin fits.
        const double over = document()->size().width() - viewport()->width();
        setHorizontalScrollBarPolicy(over <= document()->documentMargin() ? Qt::ScrollBarAlwaysOff
                                                                          : Qt::ScrollBarAsNeeded);
    }

protected:
    QVariant loadResource(int, const QUrl &) override { return {}; }
    void doSetSource(const QUrl &, QTextDocument::ResourceType) override {}

private:
    QHash<QString, QImage> m_pictures;
};

QString pageStyle(const QPalette &palette)
{
    const ThemeColors &colors = themeColors(palette);
    return uR"(
h1 { font-size: 19pt; } h2 { font-size: 14pt; margin-top: 18px; } h3 { font-size: 11pt; margin-top: 12px; }
th { text-align: left; color: %1; font-weight: 600; padding: 3px 10px 3px 0; }
td { padding: 3px 10px 3px 0; border-top: 1px solid %2; }
code, pre { font-family: "Noto Sans Mono", "DejaVu Sans Mono", monospace; font-size: 9pt; }
pre { background-color: %3; white-space: pre-wrap; }
blockquote { color: %1; }
a { color: %4; }
)"_s.arg(colors.faint.name(), colors.border.name(), palette.color(QPalette::AlternateBase).name(),
         colors.accent.name());
}

/// A picture as wide as there is room, sharp on its screen.
QImage drawn(const QByteArray &svg, int width, qreal ratio)
{
    QSvgRenderer renderer(svg);
    if (!renderer.isValid() || renderer.defaultSize().isEmpty())
        return {};
    const QSizeF size = QSizeF(renderer.defaultSize()).scaled(width, 4000, Qt::KeepAspectRatio);
    QImage image((size * ratio).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    renderer.render(&painter);
    painter.end();
    image.setDevicePixelRatio(ratio);
    return image;
}

} // namespace

PostmortemEditor::PostmortemEditor(const QString &userFolder, QWidget *parent)
    : QWidget(parent, Qt::Window)
    , m_userFolder(userFolder)
{
    setObjectName(u"postmortemEditor"_s);
    setWindowTitle(tr("Postmortem"));
    resize(1360, 860);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    auto *across = new QSplitter(Qt::Horizontal, this);
    m_edit = new MarkdownEdit(across);
    m_edit->problems()->hide();
    text()->setPlaceholderText(
        tr("Begin with a template, or just write. “[[” offers what can be filled in from the case."));
    m_preview = new PageBrowser(across);
    m_preview->setObjectName(u"postmortemPreview"_s);
    m_preview->setFrameShape(QFrame::NoFrame);
    m_preview->setOpenLinks(false);
    m_preview->document()->setDocumentMargin(20);
    m_preview->setAccessibleName(tr("How it will look"));
    across->setChildrenCollapsible(false);
    across->setStretchFactor(0, 1);
    across->setStretchFactor(1, 1);
    across->setSizes({680, 680});
    column->addWidget(across, 1);

    m_choices = new QStandardItemModel(this);
    m_completer = new QCompleter(m_choices, this);
    m_completer->setWidget(text());
    m_completer->setCompletionMode(QCompleter::PopupCompletion);
    m_completer->setFilterMode(Qt::MatchContains);
    m_completer->setCaseSensitivity(Qt::CaseInsensitive);
    connect(m_completer, qOverload<const QString &>(&QCompleter::activated), this, &PostmortemEditor::insert);
    m_completer->popup()->installEventFilter(this);

    m_later.setSingleShot(true);
    m_later.setInterval(PostmortemSettleMs);
    connect(&m_later, &QTimer::timeout, this, &PostmortemEditor::fill);
    connect(text(), &QPlainTextEdit::textChanged, this, &PostmortemEditor::changed);
    // What is written is kept with the case: there is nothing to lose.
    for (const QKeySequence &keys : {QKeySequence(Qt::Key_Escape), QKeySequence(QKeySequence::Close)})
        connect(new QShortcut(keys, this), &QShortcut::activated, this, &QWidget::close);
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] { showPage(m_watcher.result()); });
}

PostmortemEditor::~PostmortemEditor()
{
    m_watcher.disconnect(this);
    m_watcher.waitForFinished();
}

QWidget *PostmortemEditor::buildHead()
{
    auto *head = new QWidget(this);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(10, 8, 10, 8);
    auto *templates = new QPushButton(tr("Begin with"), head);
    templates->setObjectName(u"beginWith"_s);
    auto *templateMenu = new QMenu(templates);
    templates->setMenu(templateMenu);
    connect(templateMenu, &QMenu::aboutToShow, this, [this, templateMenu] { fillTemplates(templateMenu); });
    row->addWidget(templates);
    auto *more = new QPushButton(tr("Insert"), head);
    more->setObjectName(u"insertPlaceholder"_s);
    m_insert = new QMenu(more);
    m_insert->setToolTipsVisible(true);
    more->setMenu(m_insert);
    connect(m_insert, &QMenu::aboutToShow, this, &PostmortemEditor::fillInsert);
    row->addWidget(more);
    m_status = new QLabel(head);
    m_status->setTextFormat(Qt::PlainText);
    m_status->setForegroundRole(QPalette::PlaceholderText);
    m_status->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(m_status, 1);
    auto *share = new QPushButton(tr("Export…"), head);
    share->setObjectName(u"exportPostmortem"_s);
    row->addWidget(share);
    connect(share, &QPushButton::clicked, this, &PostmortemEditor::exportWanted);
    return head;
}

QPlainTextEdit *PostmortemEditor::text() const
{
    return m_edit->text();
}

QListWidget *PostmortemEditor::problems() const
{
    return m_edit->problems();
}

QString PostmortemEditor::status() const
{
    return m_status->text();
}

void PostmortemEditor::fillTemplates(QMenu *menu)
{
    menu->clear();
    for (const TemplateFile &file : postmortemTemplates(m_userFolder))
        menu->addAction(file.isOwn ? tr("%1 (yours)").arg(file.title) : file.title, this, [this, file] {
            const auto answer = text()->toPlainText().trimmed().isEmpty()
                                    ? QMessageBox::Yes
                                    : QMessageBox::question(this, tr("Postmortem"),
                                                            tr("Put the template in the place of what is written?"));
            if (answer == QMessageBox::Yes)
                begin(file);
        });
}

void PostmortemEditor::begin(const TemplateFile &file)
{
    if (!m_analysis.diagnosis)
        return;
    const auto filled = fillTemplate(file.path, TemplateMarkup::Markdown, reportData(m_analysis));
    if (!filled) {
        // Its lines are not those of the text here.
        m_edit->setProblems({{filled.error().code, filled.error().toString(), filled.error().hint, {}, {}}});
        m_status->setText(tr("The template has a problem"));
        return;
    }
    QTextCursor cursor(text()->document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(*filled); // can be undone
}

void PostmortemEditor::fillInsert()
{
    m_insert->clear();
    for (const auto &[words, what] : placeholderChoices(m_analysis)) {
        QString label = u"%1\t%2"_s.arg(words, what.simplified().left(70));
        QAction *action = m_insert->addAction(label.replace(u'&', u"&&"_s), this, [this, words] { insert(words); });
        action->setToolTip(what.toHtmlEscaped());
        action->setData(words);
    }
}

/// In the place of what was begun of it.
void PostmortemEditor::insert(const QString &words)
{
    const QString placeholder = words.section(u'\t', 0, 0);
    QTextCursor cursor = text()->textCursor();
    const QString before = cursor.block().text().first(cursor.positionInBlock());
    if (const qsizetype begun = before.lastIndexOf(u"[["_s); begun >= 0 && !before.sliced(begun).contains(u"]]"_s))
        cursor.movePosition(QTextCursor::Left, QTextCursor::KeepAnchor, static_cast<int>(before.size() - begun));
    cursor.insertText(placeholder);
    text()->setTextCursor(cursor);
    text()->setFocus();
}

void PostmortemEditor::complete()
{
    const QTextCursor cursor = text()->textCursor();
    const QString before = cursor.block().text().first(cursor.positionInBlock());
    const qsizetype begun = before.lastIndexOf(u"[["_s);
    if (begun < 0 || before.sliced(begun).contains(u"]]"_s))
        return m_completer->popup()->hide();
    m_completer->setCompletionPrefix(before.sliced(begun));
    if (m_completer->completionCount() == 0)
        return m_completer->popup()->hide();
    QRect place = text()->cursorRect();
    place.setWidth(m_completer->popup()->sizeHintForColumn(0)
                   + m_completer->popup()->verticalScrollBar()->sizeHint().width() + 12);
    m_completer->complete(place); // which forgets what was chosen
    m_completer->popup()->setCurrentIndex(m_completer->completionModel()->index(0, 0));
}

bool PostmortemEditor::eventFilter(QObject *watched, QEvent *event)
{
    // The completer would give these to the text first, which takes Enter as a new line.
    auto *list = m_completer->popup();
    const int key = event->type() == QEvent::KeyPress ? static_cast<QKeyEvent *>(event)->key() : 0;
    if (watched != list || (key != Qt::Key_Return && key != Qt::Key_Enter && key != Qt::Key_Tab))
        return QWidget::eventFilter(watched, event);
    const QString chosen = list->currentIndex().data().toString();
    list->hide();
    if (!chosen.isEmpty())
        insert(chosen);
    return true;
}

void PostmortemEditor::changed()
{
    m_later.start();
    if (text()->toPlainText() != m_analysis.postmortem)
        Q_EMIT edited(text()->toPlainText());
    if (text()->hasFocus())
        complete();
}

void PostmortemEditor::setCase(const Analysis &analysis)
{
    const bool isSame = analysis.placement == m_analysis.placement && analysis.diagnosis == m_analysis.diagnosis
                        && analysis.annotations == m_analysis.annotations;
    m_analysis = analysis;
    if (!isSame) {
        m_isDrawn = false;
        m_choices->clear();
        for (const auto &[words, what] : placeholderChoices(m_analysis))
            m_choices->appendRow(new QStandardItem(words));
    }
    setEnabled(analysis.diagnosis != nullptr);
    if (text()->toPlainText() != analysis.postmortem)
        text()->setPlainText(analysis.postmortem);
    m_later.start();
}

void PostmortemEditor::setDark(bool dark)
{
    m_edit->setDark(dark);
    m_isDrawn = m_isDrawn && m_isDark == dark;
    m_isDark = dark;
    m_later.start();
}

/// In a worker; the last text counts.
void PostmortemEditor::fill()
{
    m_watcher.setFuture(QtConcurrent::run(
        [text = text()->toPlainText(), analysis = m_analysis] { return fillPostmortem(text, analysis); }));
}

void PostmortemEditor::drawPictures()
{
    if (!m_isDrawn && m_analysis.diagnosis)
        m_pictures = reportPictures(m_analysis, m_isDark);
    m_isDrawn = m_analysis.diagnosis != nullptr;
    constexpr int Margins = 60;
    const int width = std::max(200, m_preview->viewport()->width() - Margins);
    for (const auto &[name, svg] :
         {std::pair(u"timeline"_s, m_pictures.timelineSvg), std::pair(u"focus"_s, m_pictures.focusSvg),
          std::pair(u"flow"_s, m_pictures.flowSvg)})
        static_cast<PageBrowser *>(m_preview)->setPicture(name, drawn(svg, width, devicePixelRatioF()));
}

void PostmortemEditor::showPage(const PostmortemPage &page)
{
    const int scrolled = m_preview->verticalScrollBar()->value();
    if (page.markdown.contains(u"(faultline:"_s))
        drawPictures();
    static_cast<PageBrowser *>(m_preview)->showPage(pageStyle(palette()), postmortemBody(page, m_pictures));
    m_preview->verticalScrollBar()->setValue(scrolled);
    m_edit->setProblems(page.problems);
    const bool isEmpty = text()->toPlainText().trimmed().isEmpty();
    m_status->setText(!page.problems.empty() ? MarkdownEdit::countText(page.problems.size())
                      : isEmpty              ? tr("Kept with the case")
                                             : tr("No problems. Kept with the case"));
}

void PostmortemEditor::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_later.start(); // pictures are as wide as there is room
}

} // namespace faultline

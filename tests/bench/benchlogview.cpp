// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logpane.h"
#include "app/shell/casecontroller.h"
#include "app/shell/mainwindow.h"
#include "app/shell/workspace.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QScrollBar>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>

#include <ctime>

#include <sys/resource.h>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

constexpr double FirstScreenMs = 300;
constexpr double FrameMedianMs = 8;
constexpr double FrameMostMs = 16;
constexpr double MostMegabytes = 250;
constexpr double Growth = 11;

bool isGood = true;

void report(const QString &what, double value, double most, const char *unit)
{
    isGood = isGood && value <= most;
    std::printf("%-62s %9.2f %-3s at most %6.2f  %s\n", qPrintable(what), value, unit, most,
                value <= most ? "ok" : "TOO MUCH");
    std::fflush(stdout);
}

double milliseconds(const QElapsedTimer &timer)
{
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

/// Sees when a log view with lines is painted.
class PaintWatch final : public QObject
{
public:
    bool wasPainted = false;

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::Paint) {
            const auto *view = qobject_cast<LogView *>(watched->parent());
            wasPainted = wasPainted || (view && view->viewport() == watched && view->document().lineCount() > 0);
        }
        return false;
    }
};

/// What a thread or the process has used: what else the machine does is not in it.
double processorMs(clockid_t clock)
{
    timespec used{};
    clock_gettime(clock, &used);
    return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) / 1e6;
}

struct Frames {
    std::vector<double> wall;      ///< Milliseconds, in order of length.
    std::vector<double> processor; ///< The same of the thread's own time.
};

/// Steps of a wheel, of pages, and jumps to anywhere, each painted at once.
Frames frames(LogView &view)
{
    Frames lengths;
    QScrollBar *bar = view.verticalScrollBar();
    quint64 random = 88172645463325252ULL;
    const auto frame = [&](int value) {
        QElapsedTimer timer;
        timer.start();
        const double before = processorMs(CLOCK_THREAD_CPUTIME_ID);
        bar->setValue(value);
        view.viewport()->repaint();
        lengths.processor.push_back(processorMs(CLOCK_THREAD_CPUTIME_ID) - before);
        lengths.wall.push_back(milliseconds(timer));
    };
    for (int place = 0; place < 40; ++place) {
        random = random * 6364136223846793005ULL + 1442695040888963407ULL;
        frame(static_cast<int>((random >> 33) % static_cast<quint64>(std::max(1, bar->maximum()))));
        for (int step = 0; step < 30; ++step)
            frame(bar->value() + 3);
        for (int step = 0; step < 10; ++step)
            frame(bar->value() + bar->pageStep());
        for (int step = 0; step < 10; ++step)
            frame(bar->value() - bar->pageStep());
    }
    std::ranges::sort(lengths.wall);
    std::ranges::sort(lengths.processor);
    return lengths;
}

struct Opening {
    double wall = 0; ///< Seconds until all is read and analysed.
    double processor = 0;
};

/// Opens a log as a person does.
Opening bench(const QString &path)
{
    const QString name = QFileInfo(path).fileName();
    const QTemporaryDir settings;
    MainWindow window(caseLoader({}, {}), settings.filePath(u"settings.ini"_s), {});
    window.resize(1600, 1000);
    window.show();
    QApplication::processEvents();
    PaintWatch watch;
    qApp->installEventFilter(&watch);
    QElapsedTimer timer;
    timer.start();
    const double before = processorMs(CLOCK_PROCESS_CPUTIME_ID);
    window.open({path});
    while (!watch.wasPainted)
        QApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    const double first = milliseconds(timer);
    qApp->removeEventFilter(&watch);
    auto *controller = window.findChild<CaseController *>();
    while (controller->state() == CaseController::State::Loading)
        QApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    const Opening all{milliseconds(timer) / 1e3, (processorMs(CLOCK_PROCESS_CPUTIME_ID) - before) / 1e3};
    if (controller->state() == CaseController::State::Failed)
        qFatal("%s", qPrintable(controller->error().toString()));
    QApplication::processEvents();
    LogView *view = window.findChild<Workspace *>()->log()->view();
    std::printf("  %s: %lld lines, read and analysed in %.2f s: %.0f MB/s; of processors %.2f s\n", qPrintable(name),
                static_cast<long long>(view->document().lineCount()), all.wall,
                static_cast<double>(QFileInfo(path).size()) / 1e6 / all.wall, all.processor);
    report(name + u": first lines painted after"_s, first, FirstScreenMs, "ms");
    const auto [wall, processor] = frames(*view);
    const auto share = [](const std::vector<double> &lengths, size_t percent) {
        return lengths[lengths.size() * percent / 100];
    };
    std::printf("  %zu frames; of the thread's own time median %.2f ms, 99th percentile %.2f ms\n", wall.size(),
                share(processor, 50), share(processor, 99));
    report(name + u": a frame of scrolling, median"_s, share(wall, 50), FrameMedianMs, "ms");
    report(name + u": a frame of scrolling, 99th percentile"_s, share(wall, 99), FrameMostMs, "ms");
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    report(name + u": memory at most, with the window"_s, static_cast<double>(usage.ru_maxrss) * 1024 / 1e6,
           MostMegabytes, "MB");
    return all;
}

} // namespace

/// Opens logs in the window, the smaller one first, and measures the first picture, scrolling, memory, and how the time grows:
/// benchlogview LOG [LOG10], where the second one is ten times as large. Exits with 1 where a figure is above what it may be.
int main(int count, char *arguments[])
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(count, arguments);
    if (count < 2 || count > 3)
        qFatal("usage: benchlogview LOG [LOG10]");
    const Opening one = bench(QString::fromLocal8Bit(arguments[1]));
    if (count > 2) {
        const Opening ten = bench(QString::fromLocal8Bit(arguments[2]));
        std::printf("  growth of the wall's time %.2f x\n", ten.wall / one.wall);
        report(u"growth of processors' time, a log ten times as large"_s, ten.processor / one.processor, Growth, "x");
    }
    return isGood ? 0 : 1;
}

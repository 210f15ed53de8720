// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysis/analyze.h"
#include "charts/core/timeaxis.h"
#include "charts/flame/flametree.h"
#include "charts/flame/flameview.h"
#include "charts/timeline/timelineview.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QScrollBar>
#include <QTextStream>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ranges>

#include <ctime>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

constexpr size_t Tracks = 8;
constexpr QSize ViewSize(1600, 1000);
constexpr qint64 Start = 1'777'800'000; // seconds
constexpr double FrameMedianMs = 8;
constexpr double FrameMostMs = 16;
constexpr double OpenSeconds = 3;
constexpr double Growth = 11;
constexpr double FlameSeconds = 1;

double seconds(const QElapsedTimer &timer)
{
    return static_cast<double>(timer.nsecsElapsed()) / 1e9;
}

/// What the thread itself has used: what else the machine does is not in it.
double processorSeconds()
{
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

quint64 next(quint64 &state)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/// What Prometheus answers to a range query: eight series of one value a second, noise with a slow swing and one high sample.
bool writeMetrics(const QString &path, size_t samples)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return false;
    quint64 random = 88172645463325252ULL;
    const size_t each = samples / Tracks;
    file.write(R"({"status":"success","data":{"resultType":"matrix","result":[)");
    for (size_t track = 0; track < Tracks; ++track) {
        file.write(QByteArray(track ? "," : "") + R"({"metric":{"__name__":"queue_length_)" + QByteArray::number(track)
                   + R"(","pod":"worker-)" + QByteArray::number(track) + R"("},"values":[)");
        QByteArray block;
        for (size_t i = 0; i < each; ++i) {
            const double swing = 400 * std::sin(static_cast<double>(i) / 40'000.0 + static_cast<double>(track));
            const auto value = static_cast<qint64>(1000 + swing) + static_cast<qint64>(next(random) % 100)
                               + (i == each / 3 ? 9000 : 0);
            block += QByteArray(i ? ",[" : "[") + QByteArray::number(Start + static_cast<qint64>(i)) + ",\""
                     + QByteArray::number(value) + "\"]";
            if (block.size() > (1 << 20))
                file.write(std::exchange(block, {}));
        }
        file.write(block + "]}");
    }
    file.write("]}}\n");
    return file.error() == QFileDevice::NoError;
}

// The wire format of protocol buffers, as pprof's profile.proto uses it.
void varint(QByteArray &into, quint64 value)
{
    for (; value >= 0x80; value >>= 7)
        into += static_cast<char>(value | 0x80);
    into += static_cast<char>(value);
}
void field(QByteArray &into, quint32 number, quint64 value)
{
    varint(into, number << 3);
    varint(into, value);
}
void field(QByteArray &into, quint32 number, const QByteArray &bytes)
{
    varint(into, number << 3 | 2);
    varint(into, static_cast<quint64>(bytes.size()));
    into += bytes;
}

/// A CPU profile of so many bytes: stacks of 10 to 60 functions out of 4000, the way a large program's are.
bool writeProfile(const QString &path, qint64 bytes)
{
    constexpr quint64 Functions = 4000;
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return false;
    QByteArray head;
    QByteArray type;
    field(type, 1, 1);
    field(type, 2, 2);
    field(head, 1, type);
    field(head, 6, QByteArray());
    field(head, 6, QByteArray("cpu"));
    field(head, 6, QByteArray("nanoseconds"));
    for (quint64 i = 1; i <= Functions; ++i) {
        field(head, 6,
              QByteArray("example.com/service/pkg") + QByteArray::number(i % 97) + ".function" + QByteArray::number(i));
        QByteArray function;
        field(function, 1, i);
        field(function, 2, i + 2);
        field(head, 5, function);
        QByteArray line;
        field(line, 1, i);
        QByteArray location;
        field(location, 1, i);
        field(location, 4, line);
        field(head, 4, location);
    }
    file.write(head);
    quint64 random = 88172645463325252ULL;
    QByteArray block;
    for (qint64 written = head.size(); written < bytes;) {
        const quint64 depth = 10 + next(random) % 50;
        // The callers nearest to main are few; paths part further down.
        QByteArray locations;
        quint64 at = 0;
        std::vector<quint64> stack;
        for (quint64 level = 0; level < depth; ++level) {
            at = 1 + (at * 31 + level + next(random) % (level < 6 ? 2 : level % 5 == 0 ? 3 : 1)) % Functions;
            stack.push_back(at);
        }
        for (const quint64 location : std::views::reverse(stack))
            varint(locations, location);
        QByteArray values;
        varint(values, 10'000'000);
        QByteArray sample;
        field(sample, 1, locations);
        field(sample, 2, values);
        field(block, 2, sample);
        if (block.size() > (1 << 20)) {
            written += block.size();
            file.write(std::exchange(block, {}));
        }
    }
    file.write(block);
    return file.error() == QFileDevice::NoError;
}

bool isGood = true;

void report(const char *what, double value, double most, const char *unit)
{
    isGood = isGood && value <= most;
    std::printf("%-58s %9.2f %-3s at most %6.2f  %s\n", what, value, unit, most, value <= most ? "ok" : "TOO SLOW");
    std::fflush(stdout);
}

/// Reads, analyses, and shows the first picture; the seconds of all that.
double open(const QString &path, const Knowledge &knowledge, TimelineView &view, Analysis &analysis)
{
    QElapsedTimer timer;
    timer.start();
    const auto read = analyze({path}, knowledge, {});
    if (!read)
        qFatal("%s", qPrintable(read.error().toString()));
    const double reading = seconds(timer);
    analysis = *read;
    view.setAnalysis(analysis);
    view.viewport()->repaint();
    std::printf("  %s: read and analysed in %.2f s, tracks and first frame in %.2f s\n", qPrintable(path), reading,
                seconds(timer) - reading);
    return seconds(timer);
}

struct Frames {
    std::vector<double> wall;      ///< Milliseconds, in order of length.
    std::vector<double> processor; ///< The same of the thread's own time.
};

/// Pans and zooms through the case, each step painted at once.
Frames frames(TimelineView &view)
{
    Frames lengths;
    TimeAxis *axis = view.axis();
    const auto frame = [&](auto change) {
        QElapsedTimer timer;
        timer.start();
        const double before = processorSeconds();
        change();
        view.viewport()->repaint();
        lengths.processor.push_back((processorSeconds() - before) * 1e3);
        lengths.wall.push_back(seconds(timer) * 1e3);
    };
    axis->setVisible(axis->full());
    const DurationNs whole = axis->full().length();
    // In to some minutes, out again, at several places; panning at each depth.
    for (int place = 1; place <= 4; ++place) {
        const TimeNs around = axis->full().lo + whole / 5 * place;
        for (int step = 0; step < 60; ++step) {
            frame([&] { axis->zoom(around, 0.85); });
            frame([&] { axis->pan((step % 2 ? 1 : -1) * axis->visible().length() / 7); });
        }
        for (int step = 0; step < 60; ++step)
            frame([&] { axis->zoom(around, 1 / 0.85); });
        for (const int part : {1, 4, 40, 400}) {
            axis->setVisible({axis->full().lo, axis->full().lo + whole / part});
            for (int step = 0; step < 40; ++step)
                frame([&] { axis->pan(axis->visible().length() / 37); });
        }
    }
    std::ranges::sort(lengths.wall);
    std::ranges::sort(lengths.processor);
    return lengths;
}

void benchFlames(const QString &path, const Knowledge &knowledge)
{
    QElapsedTimer timer;
    timer.start();
    const auto read = analyze({path}, knowledge, {});
    if (!read || read->evidence->sources.front()->profiles.empty())
        qFatal("the profile could not be read");
    const double reading = seconds(timer);
    const Profile &profile = read->evidence->sources.front()->profiles.back();
    FlameView view;
    view.resize(ViewSize);
    view.show();
    QApplication::processEvents();
    timer.restart();
    FlameTree tree = FlameTree::callees(profile);
    const double building = seconds(timer);
    const size_t nodes = tree.nodes().size();
    view.setTree(std::move(tree), profile.unit);
    view.viewport()->repaint();
    const double shown = seconds(timer);
    std::printf("  profile: %zu call nodes, %zu boxes; read in %.2f s, merged in %.3f s\n", profile.calls.size(), nodes,
                reading, building);
    report("100 MB profile, once read: its flame graph", shown, FlameSeconds, "s");
    timer.restart();
    const FlameTree callers = FlameTree::callers(profile);
    std::printf("  turned about, to what called: %.2f s\n", seconds(timer));
}

} // namespace

/// Writes its files into a folder and measures opening them and each frame of the timeline: benchwindow FOLDER.
/// Exits with 1 where a figure is above what it may be.
int main(int count, char *arguments[])
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(count, arguments);
    if (count != 2)
        qFatal("usage: benchwindow FOLDER");
    const QString folder = QString::fromLocal8Bit(arguments[1]);
    const auto knowledge = loadKnowledge({}, {});
    if (!knowledge)
        qFatal("%s", qPrintable(knowledge.error().toString()));
    const QString small = folder + u"/metrics-1e6.json"_s;
    const QString large = folder + u"/metrics-1e7.json"_s;
    const QString profile = folder + u"/profile-100mb.pb"_s;
    if ((!QFile::exists(small) && !writeMetrics(small, 1'000'000))
        || (!QFile::exists(large) && !writeMetrics(large, 10'000'000))
        || (!QFile::exists(profile) && !writeProfile(profile, 100'000'000)))
        qFatal("%s cannot be written", qPrintable(folder));

    TimelineView view;
    view.resize(ViewSize);
    view.show();
    QApplication::processEvents();
    Analysis analysis;
    const double one = open(small, **knowledge, view, analysis);
    const double ten = open(large, **knowledge, view, analysis);
    report("opening 10^7 samples", ten, OpenSeconds, "s");
    report("growth from 10^6 to 10^7 samples", ten / one, Growth, "x");
    const auto [wall, processor] = frames(view);
    const auto share = [](const std::vector<double> &lengths, size_t percent) {
        return lengths[lengths.size() * percent / 100];
    };
    std::printf("  %zu frames, the longest %.2f ms; of the thread's own time median %.2f ms, 99th percentile %.2f ms\n",
                wall.size(), wall.back(), share(processor, 50), share(processor, 99));
    report("frame of 8 tracks over 10^7 samples, median", share(wall, 50), FrameMedianMs, "ms");
    report("frame of 8 tracks over 10^7 samples, 99th percentile", share(wall, 99), FrameMostMs, "ms");
    analysis = {};
    view.setAnalysis(analysis);
    benchFlames(profile, **knowledge);
    return isGood ? 0 : 1;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/wallclock.h"
#include "importers/state/kubeages.h"
#include "importers/state/wholetext.h"

namespace faultline {

/// A value and the line it stands on.
struct DescribedValue {
    QByteArray key;
    QByteArray value;
    qint64 line = 0;
};

/// State or Last State of a container.
struct DescribedState {
    QByteArray state; ///< "Running", "Waiting", "Terminated"; empty where there is none.
    QByteArray reason;
    QByteArray message;
    std::optional<qint64> exitCode;
    std::optional<qint64> signal;
    std::optional<SourceTime> started;
    std::optional<SourceTime> finished;
    std::vector<DescribedValue> values; ///< reason, exitCode … as written, for facts.
    qint64 line = 0;
    qint64 lastLine = 0;
    qint64 finishedLine = 0;
    qint64 reasonLine = 0;
};

struct DescribedContainer {
    QByteArray name;
    qint64 line = 0;
    DescribedState state;
    DescribedState lastState;
    qint64 restartCount = 0;
    std::vector<DescribedValue> values; ///< image, ready, limits.memory …
};

struct DescribedEvent {
    qint64 line = 0;
    qint64 lastLine = 0;
    QByteArray type;
    QByteArray reason;
    QByteArray ageText;
    QByteArray from;
    QByteArray object; ///< SubObjectPath of old kubectl: "spec.containers{api}".
    QByteArray message;
    std::optional<KubeEventAge> age;
    /// Where the times are absolute (objects instead of descriptions): of the first and the last of `count`.
    std::optional<SourceTime> firstTime;
    std::optional<SourceTime> lastTime;
    qint64 count = 1;
    QByteArray host; ///< Where it came from.
};

/// One object of `kubectl describe`.
struct DescribedObject {
    QByteArray kind = "object"; ///< "pod", "node", "deployment", "job" … by its sections.
    QByteArray name;
    qint64 line = 0;
    std::vector<DescribedValue> values;     ///< Top level, keys as written.
    std::vector<DescribedValue> conditions; ///< Type, status.
    std::vector<DescribedContainer> containers;
    std::vector<DescribedEvent> events;
    bool hasEvents = false; ///< An Events section was there, even if empty.

    const DescribedValue *value(QByteArrayView key) const;
    /// When a pod was taken on by its node.
    std::optional<SourceTime> startTime() const;
};

struct Description {
    std::vector<DescribedObject> objects;
    std::optional<int> zoneSeconds;   ///< Of the first absolute time.
    std::optional<SourceTime> latest; ///< The latest absolute time: nothing was captured before.
};

/// Reads the layouts of kubectl 1.5 to 1.34: k8s.io/kubectl/pkg/describe/describe.go.
Description parseDescription(const WholeText &text, SourceEvidence &evidence);

/// A time as kubectl describes it (RFC 1123) or as an object holds it (RFC 3339); none for the zero time that stands for "never".
std::optional<WallTime> parseKubeTime(std::string_view text);

/// Bytes of a quantity such as 320Mi, 1G, 1.5Gi or 128974848. k8s.io/apimachinery/pkg/api/resource/quantity.go
std::optional<double> parseQuantity(std::string_view text);

} // namespace faultline

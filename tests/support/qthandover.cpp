// SPDX-License-Identifier: GPL-3.0-or-later
// Tells the thread sanitizer what Qt's libraries, which are not built for it, do out of its sight: that a task given to a thread pool, a call
// queued for an object and the result of a future are seen by the other thread as they were handed over. Without it each of them is a false
// alarm, and suppressing these would hide true ones, since nearly all of the program is called by one of the three. Each function stands before
// Qt's own, for calls from here and from Qt's templates, and calls that. The pool knows the task by another name then, so who waits for a future
// whose task has not begun cannot run it himself.
#include <QFutureInterface>
#include <QObject>
#include <QThreadPool>

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

namespace {

template<typename Function>
Function *qtsOwn(const char *mangled)
{
    void *const found = dlsym(RTLD_NEXT, mangled);
    if (!found)
        qFatal("This Qt has no %s: tests/support/qthandover.cpp must learn its new name", mangled);
    return reinterpret_cast<Function *>(found);
}

class HandedOverTask final : public QRunnable
{
public:
    explicit HandedOverTask(QRunnable *task)
        : m_task(task)
    {
    }
    void run() override
    {
        __tsan_acquire(this);
        const bool isOurs = m_task->autoDelete();
        m_task->run();
        if (isOurs)
            delete m_task;
    }

private:
    QRunnable *m_task;
};

class HandedOverCall final : public QtPrivate::QSlotObjectBase
{
public:
    explicit HandedOverCall(QtPrivate::QSlotObjectBase *call)
        : QSlotObjectBase(&HandedOverCall::take)
        , m_call(call)
    {
    }

private:
    static void take(int what, QSlotObjectBase *self, QObject *receiver, void **arguments, bool *)
    {
        __tsan_acquire(self);
        auto *handed = static_cast<HandedOverCall *>(self);
        if (what == Call) {
            handed->m_call->call(receiver, arguments);
        } else if (what == Destroy) {
            handed->m_call->destroyIfLastRef();
            delete handed;
        }
    }
    QtPrivate::QSlotObjectBase *m_call;
};

/// What all copies of a future share: it stands behind the object's table of functions.
void *sharedOf(const QFutureInterfaceBase *future)
{
    return reinterpret_cast<void *const *>(future)[1];
}

} // namespace

void QThreadPool::start(QRunnable *runnable, int priority)
{
    static auto *const start = qtsOwn<void(QThreadPool *, QRunnable *, int)>("_ZN11QThreadPool5startEP9QRunnablei");
    auto *task = new HandedOverTask(runnable);
    __tsan_release(task);
    start(this, task, priority);
}

bool QMetaObject::invokeMethodImpl(QObject *object, QtPrivate::QSlotObjectBase *slotObj, Qt::ConnectionType type,
                                   qsizetype parameterCount, const void *const *params, const char *const *names,
                                   const QtPrivate::QMetaTypeInterface *const *metaTypes)
{
    static auto *const invoke =
        qtsOwn<bool(QObject *, QtPrivate::QSlotObjectBase *, Qt::ConnectionType, qsizetype, const void *const *,
                    const char *const *, const QtPrivate::QMetaTypeInterface *const *)>(
            "_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeExPKPKvPKPKc"
            "PKPKNS2_"
            "18QMetaTypeInterfaceE");
    auto *call = new HandedOverCall(slotObj);
    __tsan_release(call);
    return invoke(object, call, type, parameterCount, params, names, metaTypes);
}

void QFutureInterfaceBase::reportFinished()
{
    static auto *const report = qtsOwn<void(QFutureInterfaceBase *)>("_ZN20QFutureInterfaceBase14reportFinishedEv");
    __tsan_release(sharedOf(this));
    report(this);
}

void QFutureInterfaceBase::waitForFinished()
{
    static auto *const wait = qtsOwn<void(QFutureInterfaceBase *)>("_ZN20QFutureInterfaceBase15waitForFinishedEv");
    wait(this);
    __tsan_acquire(sharedOf(this));
}

void QFutureInterfaceBase::waitForResult(int index)
{
    static auto *const wait = qtsOwn<void(QFutureInterfaceBase *, int)>("_ZN20QFutureInterfaceBase13waitForResultEi");
    wait(this, index);
    __tsan_acquire(sharedOf(this));
}

bool QFutureInterfaceBase::derefT() const noexcept
{
    static auto *const deref = qtsOwn<bool(const QFutureInterfaceBase *)>("_ZNK20QFutureInterfaceBase6derefTEv");
    if (void *shared = sharedOf(this))
        __tsan_release(shared);
    const bool isStillUsed = deref(this);
    if (void *shared = sharedOf(this))
        __tsan_acquire(shared);
    return isStillUsed;
}

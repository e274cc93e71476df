internal import Glibc

/// A lock that threads can wait in until another changes what it guards.
final class Monitor: @unchecked Sendable {
    // Sendable, as both objects of POSIX are made for use by several threads, and stay at one address.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // A clock that nobody sets: a wait must not end with the summer.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func lock() { pthread_mutex_lock(mutex) }
    func unlock() { pthread_mutex_unlock(mutex) }
    /// Gives the lock away until somebody announces a change; it may also return without one.
    func wait() { pthread_cond_wait(condition, mutex) }
    /// As ``wait()``, up to a time of ``nowMs()``.
    func wait(untilMs time: Int64) {
        var time = timespec(tv_sec: Int(time / 1000), tv_nsec: Int(time % 1000 * 1_000_000))
        pthread_cond_timedwait(condition, mutex, &time)
    }
    func announce() { pthread_cond_broadcast(condition) }

    /// Milliseconds of a clock that nobody sets.
    static func nowMs() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

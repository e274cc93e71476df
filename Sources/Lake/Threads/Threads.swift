internal import Glibc

/// Work in parts that do not depend on each other, done by several threads at once.
///
/// Threads are made for one piece of work and have ended when it is done: a function that is frozen between two
/// invocations holds none, and making one takes some microseconds where a part takes milliseconds.
enum Threads {
    /// Processors of this machine.
    static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Does the parts numbered from 0 on, each once, in any order; the calling thread takes part.
    /// - Parameters:
    ///   - threads: how many take part at most.
    ///   - part: is called by several threads at once, and must only read what they share.
    /// - Returns: what each part gave, in the parts' order.
    static func map<Value: Sendable>(_ parts: Int, threads: Int, _ part: @escaping (Int) -> Value) -> [Value] {
        let helpers = min(parts, threads) - 1
        guard helpers > 0 else { return (0..<parts).map(part) }
        let work = SharedWork(parts, part)
        var running: [pthread_t] = []
        for _ in 0..<helpers {
            if let thread = start(work) { running.append(thread) }
        }
        work.run()
        for thread in running { pthread_join(thread, nil) }
        return work.values
    }

    /// Nil where the system gives no further thread: the others do the work then.
    private static func start(_ work: AnyWork) -> pthread_t? {
        var thread = pthread_t()
        // The thread takes over this reference.
        let reference = Unmanaged.passRetained(work)
        let code = pthread_create(
            &thread, nil,
            { reference in
                guard let reference else { return nil }
                Unmanaged<AnyWork>.fromOpaque(reference).takeRetainedValue().run()
                return nil
            }, reference.toOpaque())
        guard code == 0 else {
            reference.release()
            return nil
        }
        return thread
    }
}

internal import Calendar
internal import EventSources
internal import Kafka
internal import Lake

/// What puts records into streams, and what the clock starts.
extension TwinSetup {
    func makeSimulators() throws {
        guard options.simulates else {
            return Self.say("simulators", "off, as --no-simulators says")
        }
        let found = Simulator.all(of: sources, rate: options.rate, definition)
        for source in sources where !found.contains(where: { $0.source == source }) {
            Self.say(source.stream.name, "nothing is made for it: no simulator has its columns, or the rate is too low")
        }
        for simulator in found {
            let source = simulator.source
            let rate = "\(Quantity.counted(simulator.rate, "record")) a second"
            Self.say(source.stream.name, "\(rate) of simulated \(simulator.kind.rawValue)")
            let make: @Sendable () throws -> any RecordSink
            switch source.place {
            case .local:
                guard let stream = streams[source.stream.name] else { continue }
                make = { LocalSink(stream: stream) }
            case .kafka:
                guard let kafka else { continue }
                make = { KafkaSink(producer: try KafkaProducer(kafka), topic: source.name) }
            case .kinesis:
                let environment = twin.environment
                make = { KinesisSink(kinesis: try KinesisService(environment).client(), stream: source.reference) }
            }
            simulators.append(
                SimulatorRun(
                    name: source.stream.name, records: simulator.records(seed: options.seed, devices: options.devices),
                    control: twin.control, made: SharedCount(), makeSink: make))
        }
    }

    func makeSchedules() throws {
        let surroundings = TwinSchedule.Surroundings(
            programs: twin.programs.names, options: options, environment: twin.environment,
            fault: { schedule in
                do throws(ScheduleExpressionError) {
                    _ = try Schedule(parsing: schedule.expression, startMs: 0)
                    return nil
                } catch {
                    return "\(schedule.expression): \(error)"
                }
            })
        for schedule in TwinSchedule.all(of: definition, surroundings) {
            let name = schedule.definition.name
            if let reason = schedule.reasonOff {
                Self.say(name, "off: \(reason)")
                continue
            }
            guard let program = twin.programs[schedule.definition.job] else { continue }
            Self.say(name, "\(schedule.definition.expression) starts \(schedule.definition.job)")
            var environment = try program.environment(twin.place, inherited: twin.environment)
            if let brokers = options.brokers {
                environment["KAFKA_BOOTSTRAP_SERVERS"] = brokers.joined(separator: ",")
            }
            let (log, job) = (twin.log, schedule.definition.job)
            schedules.append(
                ScheduleRun(
                    definition: schedule.definition,
                    // A schedule that is made now is due after its first period.
                    schedule: try Schedule(parsing: schedule.definition.expression, startMs: Lane.nowMs()),
                    isProducer: schedule.isProducer, program: program.path, environment: environment,
                    control: twin.control, process: RunningProcess(),
                    onLog: { log.add($0, of: job) }))
        }
    }
}

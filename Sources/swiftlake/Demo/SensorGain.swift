internal import Simulation

/// What a lake gains from a range of the generated stream, given what it held before.
struct SensorGain: Equatable {
    let rows: Int64
    let deadLetters: Int64
    /// Records whose sequence numbers the lake had taken: the function passes them over, whatever they hold.
    let passedOver: Int
    /// Bad records whose dead letters an earlier run had written before it was ended.
    let earlierDeadLetters: Int

    init(sent: Range<Int>, before: SensorLake, _ readings: SensorReadings) {
        let new = max(sent.lowerBound, before.nextRecord)..<max(sent.upperBound, before.nextRecord)
        let bad = new.filter { readings.isBad($0) }
        earlierDeadLetters = bad.count { $0 < before.nextDeadLetter }
        deadLetters = Int64(bad.count - earlierDeadLetters)
        rows = Int64(new.count - bad.count)
        passedOver = sent.count - new.count
    }

    /// What can be said once the lake has gained just this. A sequence number alone tells nothing of its record: another
    /// seed's may have come under it.
    var sentence: String {
        let added = "\(Quantity.counted(rows, "row")) and \(Quantity.counted(deadLetters, "dead letter")) were added"
        var text = "Every record is in the lake once: \(added)"
        if rows == 0, deadLetters == 0, earlierDeadLetters == 0 {
            return "Nothing was added: the lake had taken all of these sequence numbers already."
        } else if passedOver > 0 {
            let count = Quantity.counted(passedOver, "sequence number")
            text = "Every new record is in the lake once: \(added); the lake had taken \(count) of these already"
        }
        if earlierDeadLetters > 0 {
            text += "; \(Quantity.counted(earlierDeadLetters, "dead letter")) had been written before"
        }
        return text + "."
    }
}

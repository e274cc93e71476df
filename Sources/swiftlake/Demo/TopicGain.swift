internal import Simulation

/// What the lake took of a generated topic: of each partition the first offset that it does not have.
struct TopicProgress: Equatable {
    /// The first offset of each partition whose rows the lake does not have.
    var next: [Int: Int64] = [:]
    /// The first offset of each partition whose dead letter the lake does not have. A function that was ended between its
    /// two commits has written letters of records that it takes again.
    var nextDeadLetter: [Int: Int64] = [:]

    /// Whether the rows of a record are in the lake.
    func holds(_ partition: Int, _ offset: Int64) -> Bool { offset < next[partition] ?? 0 }

    /// The first record of the topic that the lake does not have.
    func nextRecord(of topic: GeneratedTopic) -> Int {
        (0..<topic.partitions).map { topic.index($0, next[$0] ?? 0) }.min() ?? 0
    }

    /// The same lake once it has all records of the topic before this one, too.
    func advanced(to record: Int, of topic: GeneratedTopic) -> TopicProgress {
        var advanced = self
        var open = Set(0..<topic.partitions)
        var index = record
        while !open.isEmpty {
            let place = topic.record(index)
            if open.remove(place.partition) != nil {
                advanced.next[place.partition] = max(place.offset, next[place.partition] ?? 0)
            }
            index += 1
        }
        return advanced
    }
}

/// What a lake gains from a range of a generated topic, given what it held before.
struct TopicGain: Equatable {
    /// Good records that are new to the lake.
    var good = 0
    /// Bad records that are new to the lake, without those whose dead letters were there already.
    var deadLetters = 0
    /// Bad records whose dead letters an earlier run had written before it was ended.
    var earlierDeadLetters = 0
    /// Records that the lake had taken.
    var passedOver = 0

    init(_ topic: GeneratedTopic, isBad: (Int) -> Bool, sent: Range<Int>, before: TopicProgress) {
        for index in sent {
            let record = topic.record(index)
            if before.holds(record.partition, record.offset) {
                passedOver += 1
            } else if !isBad(index) {
                good += 1
            } else if record.offset < before.nextDeadLetter[record.partition] ?? 0 {
                earlierDeadLetters += 1
            } else {
                deadLetters += 1
            }
        }
    }
}

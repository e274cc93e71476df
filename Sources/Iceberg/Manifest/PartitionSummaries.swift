/// The range of each partition field over a manifest's entries, as they are added.
struct PartitionSummaries {
    private var least: [Datum?]
    private var greatest: [Datum?]
    private var containsNull: [Bool]
    private var containsNaN: [Bool]

    /// Of no entry yet.
    init(_ types: [Type]) {
        least = Array(repeating: nil, count: types.count)
        greatest = least
        containsNull = Array(repeating: false, count: types.count)
        containsNaN = containsNull
    }

    /// Takes in one tuple, whose length has been checked.
    mutating func add(_ tuple: [Datum?]) {
        for (index, value) in tuple.enumerated() {
            guard let value else {
                containsNull[index] = true
                continue
            }
            guard !value.isNaN else {
                containsNaN[index] = true
                continue
            }
            if least[index].map({ value.precedes($0) }) ?? true { least[index] = value }
            if greatest[index].map({ $0.precedes(value) }) ?? true { greatest[index] = value }
        }
    }

    /// One a field.
    var summaries: [ManifestFile.FieldSummary] {
        least.indices.map { index in
            ManifestFile.FieldSummary(
                containsNull: containsNull[index], containsNaN: containsNaN[index],
                lowerBound: least[index]?.singleValueBytes, upperBound: greatest[index]?.singleValueBytes)
        }
    }
}

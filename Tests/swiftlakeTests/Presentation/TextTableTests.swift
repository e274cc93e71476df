import Testing

@testable import swiftlake

@Suite struct TextTableTests {
    @Test func columnsAreAsWideAsTheirWidestCell() {
        var table = TextTable(("name", .left), ("rows", .right), ("note", .left))
        table.add(["a", "1,000", ""])
        table.add(["longer", "2"])
        #expect(
            table.lines == [
                "name     rows  note",
                "──────  ─────  ────",
                "a       1,000  –",
                "longer      2",
            ])
    }

    @Test func barsAreMeasuredInEighths() {
        let chart = BarChart(
            bars: [
                .init(label: "00", value: 8, note: "8"), .init(label: "1", value: 3, note: "3"),
                .init(label: "2", value: 0, note: "0"), .init(label: "3", value: 0.01, note: "few"),
            ], width: 4)
        #expect(chart.lines == ["00  ████ 8", "1   █▌ 3", "2    0", "3   ▏ few"])
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")])
    func numbersAreGrouped(_ number: Int, _ text: String) { #expect(Quantity.grouped(number) == text) }

    @Test func sizesAndTimesAreShort() {
        #expect(Quantity.bytes(0) == "0 B")
        #expect(Quantity.bytes(1536) == "1.5 KiB")
        #expect(Quantity.bytes(5 << 30) == "5.0 GiB")
        #expect(Quantity.seconds(0.000_85) == "850 µs")
        #expect(Quantity.seconds(0.0123) == "12.3 ms")
        #expect(Quantity.seconds(61.5) == "61.50 s")
        #expect(Quantity.counted(1, "file") == "1 file")
        #expect(Quantity.counted(1200, "file") == "1,200 files")
    }

    @Test func progressIsABarOnATerminalAndAFewLinesElsewhere() {
        var plain = ProgressBar(total: 100, isTerminal: false)
        let lines = (1...100).compactMap { plain.text($0, "\($0)") }
        #expect(lines.count == 10)
        #expect(lines.first == "10 %  10\n")
        #expect(lines.last == "100 %  100\n")
        var bar = ProgressBar(total: 4, isTerminal: true)
        #expect(bar.text(2, "half") == "\r████████████████░░░░░░░░░░░░░░░░ 50 %  half\u{1B}[K")
        #expect(bar.text(4, "all")?.hasSuffix("\n") == true)
    }

    @Test func logLinesAreReadable() {
        #expect(
            LogLine.text(#"{"timestamp":"t","level":"info","message":"done","a":1,"fields":{"rows":5}}"#)
                == "INFO    done  a=1 rows=5")
        #expect(
            LogLine.text(#"{"_aws":{"CloudWatchMetrics":[{"Metrics":[{"Name":"Rows"}]}]},"Rows":5}"#)
                == "METRIC  Rows=5")
        #expect(LogLine.text("plain") == "plain")
        #expect(LogLine.text(#"{"other":1}"#) == #"{"other":1}"#)
    }
}

import Testing

@testable import swiftlake

@Suite struct LineChartTests {
    private func lines(_ points: [Double?], height: Int = 2) -> [String] {
        LineChart(points: points, ends: ("a", "b"), height: height).lines
    }

    @Test func aRisingLineGoesFromTheBottomToTheTop() {
        #expect(lines([0, 1, 2, 3, 4, 5, 6, 7]) == ["7.00 ┤⠀⠀⡠⠊", "0.00 ┤⡠⠊⠀⠀", "      a  b"])
    }

    @Test func aStepHasNoHole() {
        #expect(lines([0, 7]) == ["7.00 ┤⢸", "0.00 ┤⡸", "      a b"])
    }

    @Test func aGapStaysEmptyAndALevelLineIsDrawn() {
        #expect(lines([1, nil, nil, 1], height: 1) == ["1.00 ┤⠂⠐", "      a b"])
        #expect(lines([nil, nil]) == [])
        #expect(lines([]) == [])
    }
}

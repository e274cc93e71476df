import Columnar
import Iceberg
@testable import Lake
import Testing

@Suite("Columns of quotes")
struct QuoteColumnsTests {
    static let table = TableIdentifier(namespace: "crypto_db", name: "crypto_quote")

    static let fields: [Field] = [
        Field(name: "asset_id", type: .string, isRequired: true, id: 1),
        Field(name: "asset_type", type: .string, isRequired: false, id: 2),
        Field(name: "start_window", type: .timestamp, isRequired: false, id: 3),
        Field(name: "end_window", type: .timestamptz, isRequired: false, id: 4),
        Field(name: "price_crypto", type: .double, isRequired: false, id: 5),
        Field(name: "ref_date", type: .date, isRequired: false, id: 6),
    ]
    static let extra = Field(name: "note", type: .long, isRequired: false, id: 9)

    @Test("each part goes into the column of its name, in whatever order they stand, and other columns are null")
    func order() throws {
        let fields = [Self.extra] + Self.fields.reversed()
        let batch = RecordBatch(fields)
        let columns = try QuoteColumns(fields, of: Self.table)
        let window = try #require(QuoteWindow(startUs: -60_000_000, endUs: 0))
        columns.append(Quote(window: window, symbol: QuoteSupport.symbol("BTC/USD"), price: 0.5), to: batch)
        #expect(batch.count == 1)
        #expect(batch.column(named: "note")?.isNull(0) == true)
        #expect(batch.column(named: "asset_id")?.string(0) == "BTC")
        #expect(batch.column(named: "asset_type")?.string(0) == "USD")
        #expect(batch.column(named: "start_window")?.value(0, as: Int64.self) == -60_000_000)
        #expect(batch.column(named: "end_window")?.value(0, as: Int64.self) == 0)
        #expect(batch.column(named: "price_crypto")?.value(0, as: Double.self) == 0.5)
        #expect(batch.column(named: "ref_date")?.value(0, as: Int32.self) == -1)
    }

    @Test("a table that lacks a part, or has it with another type, is refused with the column's name", arguments: 0..<6)
    func refused(place: Int) {
        let name = Self.fields[place].name
        var fields = Self.fields
        fields.remove(at: place)
        #expect(Self.refusal(of: fields)?.message.contains("\"\(name)\"") == true)
        fields.append(Field(name: name, type: .float, isRequired: false, id: 7))
        #expect(Self.refusal(of: fields)?.message.contains("\"\(name)\"") == true)
    }

    @Test("a required column that quotes lack is refused")
    func required() {
        let fields = Self.fields + [Field(name: "note", type: .long, isRequired: true, id: 9)]
        let error = Self.refusal(of: fields)
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("\"note\"") == true)
    }

    private static func refusal(of fields: [Field]) -> IcebergError? {
        do throws(IcebergError) {
            _ = try QuoteColumns(fields, of: table)
            return nil
        } catch {
            return error
        }
    }
}

internal import Columnar
internal import Iceberg

/// Where quotes go in a table's rows: each part into the column of its name, wherever that stands; other columns are
/// null.
struct QuoteColumns {
    /// The table's columns.
    let fields: [Field]
    private let parts: [Part?]

    /// What a quote consists of.
    private enum Part: CaseIterable {
        case assetID, assetType, startWindow, endWindow, price, date

        /// The name of the part's column.
        var name: String {
            switch self {
            case .assetID: QuoteTable.assetID
            case .assetType: QuoteTable.assetType
            case .startWindow: QuoteTable.startWindow
            case .endWindow: QuoteTable.endWindow
            case .price: QuoteTable.price
            case .date: QuoteTable.referenceDate
            }
        }

        /// The types that the column may have.
        var types: [ColumnType] {
            switch self {
            case .assetID, .assetType: [.string]
            case .startWindow, .endWindow: [.timestamp, .timestamptz]
            case .price: [.double]
            case .date: [.date]
            }
        }
    }

    /// - Throws: ``IcebergError/Code/invalid`` if the table lacks a column of quotes, has it with another type, or
    ///   requires one that quotes do not have.
    init(_ fields: [Field], of table: TableIdentifier) throws(IcebergError) {
        self.fields = fields
        parts = fields.map { field in Part.allCases.first { $0.name == field.name } }
        for part in Part.allCases {
            guard let place = parts.firstIndex(of: part), part.types.contains(fields[place].type) else {
                let types = part.types.map(\.rawValue).joined(separator: " or ")
                throw IcebergError(
                    .invalid, "the table needs a column \"\(part.name)\" of the type \(types) for quotes",
                    at: "\(table)")
            }
        }
        for (field, part) in zip(fields, parts) where part == nil && field.isRequired {
            throw IcebergError(
                .invalid, "the table requires the column \"\(field.name)\", which quotes lack", at: "\(table)")
        }
    }

    /// Appends a quote as a row. A batch cannot become full of symbols: an event has too few bytes for so many.
    func append(_ quote: Quote, to batch: RecordBatch) {
        for (part, column) in zip(parts, batch.columns) {
            switch part {
            case .assetID: column.append(quote.symbol.assetID)
            case .assetType: column.append(quote.symbol.assetType)
            case .startWindow: column.append(quote.window.startUs)
            case .endWindow: column.append(quote.window.endUs)
            case .price: column.append(quote.price)
            case .date: column.append(quote.window.startDay)
            case nil: column.appendNull()
            }
        }
        batch.finishRow()
    }
}

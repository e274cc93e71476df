public import Iceberg

/// What a definition says otherwise than a table that exists, and what follows from it: the one place that both the
/// warning of a function that starts and the plan of bootstrap-tables come from.
public struct TableEvolution: Equatable, Sendable {
    /// What makes the table follow the definition, in the order in which it is to be applied.
    public internal(set) var changes: [TableChange] = []
    /// What cannot be applied. Where there is any, nothing of ``changes`` may be.
    public internal(set) var refusals: [Refusal] = []
    /// Every difference that ``changes`` applies, for people.
    public internal(set) var differences: [Difference] = []

    /// A part of the definition that the table cannot follow.
    public struct Refusal: Equatable, Sendable, CustomStringConvertible {
        /// The column; nil where it is the whole table.
        public let column: String?
        /// Why not, and what to do.
        public let reason: String

        /// With the column's name.
        public var description: String { column.map { "column \($0): \(reason)" } ?? reason }
    }

    /// One difference between a table and its definition.
    public struct Difference: Equatable, Sendable {
        /// What kind of thing differs.
        public enum Kind: Sendable { case column, type, required, doc, partition, sort, property, record }

        /// What kind of thing differs.
        public let kind: Kind
        /// Which one, such as `column site` or `partition`.
        public let subject: String
        /// How the table has it; nil if it lacks it.
        public let table: String?
        /// How the definition has it; nil if it lacks it.
        public let definition: String?

        /// A line of a plan: `+ column site string`, `~ column n: int → long`, `- property x`.
        public var line: String {
            switch (table, definition) {
            case (nil, let new?): kind == .column ? "+ \(subject) \(new)" : "+ \(subject): \(new)"
            case (let old?, nil): kind == .column ? "- \(subject) \(old)" : "- \(subject): \(old)"
            default: "~ \(subject): \(table ?? "none") → \(definition ?? "none")"
            }
        }
    }

    /// Whether the table follows the definition.
    public var isEmpty: Bool { changes.isEmpty && refusals.isEmpty }

    /// The plan, a line each: what would change, or why nothing may.
    public var lines: [String] { differences.map(\.line) + refusals.map { "! \($0)" } }

    mutating func differ(_ kind: Difference.Kind, _ subject: String, _ table: String?, _ definition: String?) {
        differences.append(Difference(kind: kind, subject: subject, table: table, definition: definition))
    }

    mutating func refuse(_ column: String?, _ reason: String) {
        refusals.append(Refusal(column: column, reason: reason))
    }
}

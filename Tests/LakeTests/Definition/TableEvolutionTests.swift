import Iceberg
import Testing

@testable import Lake

@Suite struct TableEvolutionTests {
    private static let id = #"{"name": "id", "type": "int"}"#
    private static let at = #"{"name": "at", "type": "timestamp"}"#
    private static let ratio = #"{"name": "ratio", "type": "float"}"#
    private static let usual = "[\(id), \(at), \(ratio)]"
    /// The table's own list of what a definition gave it.
    private static let record = "swiftlake.properties"

    private func definition(_ columns: String = usual, _ members: String = "") throws -> TableDefinition {
        let sample = SampleDefinition(columns: columns, table: members)
        return try #require(try sample.parsed().tables.first)
    }

    private func metadata(_ columns: String = usual, _ members: String = "") throws -> TableMetadata {
        try definition(columns, members).newMetadata(in: "file:///w/t", uuid: "u", nowMs: 0)
    }

    @Test func aTableThatFollowsItsDefinitionHasNothingToDo() throws {
        let members = #""doc": "d", "partition": ["hour(at)"], "sort": ["id desc"], "retention": {"snapshots": 9}"#
        let evolution = try definition(Self.usual, members).evolution(of: metadata(Self.usual, members))
        #expect(evolution == TableEvolution())
        #expect(evolution.isEmpty)
    }

    /// What a definition of these columns plans for a table of the usual ones.
    @Test(
        arguments: [
            (
                "[\(id), \(at), \(ratio), {\"name\": \"site\", \"type\": \"string\", \"doc\": \"where\"}]",
                [TableChange.addColumn(name: "site", type: .string, doc: "where")], ["+ column site string"]
            ),
            (
                "[{\"name\": \"id\", \"type\": \"long\"}, \(at), {\"name\": \"ratio\", \"type\": \"double\"}]",
                [.widenColumn(name: "id", to: .long), .widenColumn(name: "ratio", to: .double)],
                ["~ column id: int → long", "~ column ratio: float → double"]
            ),
            (
                "[\(ratio), {\"name\": \"id\", \"type\": \"int\", \"doc\": \"number\"}, \(at)]",
                [.setDoc(column: "id", doc: "number")], [#"+ column id doc: "number""#]
            ),
        ] as [(String, [TableChange], [String])])
    func plansChangesOfColumns(columns: String, changes: [TableChange], lines: [String]) throws {
        let evolution = try definition(columns).evolution(of: metadata())
        #expect(evolution.changes == changes)
        #expect(evolution.lines == lines)
        #expect(evolution.refusals.isEmpty)
    }

    /// What a definition of these columns is refused for on a table of the usual ones.
    @Test(
        arguments: [
            ("[\(id), \(at), \(ratio), {\"name\": \"n\", \"type\": \"int\", \"required\": true}]", "n", "required"),
            ("[{\"name\": \"id\", \"type\": \"string\"}, \(at), \(ratio)]", "id", "int in the table, string in the"),
            ("[\(id), {\"name\": \"at\", \"type\": \"date\"}, \(ratio)]", "at", "Iceberg has no such change"),
            ("[\(id), {\"name\": \"at\", \"type\": \"timestamptz\"}, \(ratio)]", "at", "Iceberg has no such change"),
            ("[{\"name\": \"id\", \"type\": \"int\", \"required\": true}, \(at), \(ratio)]", "id", "may lack it"),
            ("[\(id), \(at)]", "ratio", "only the table has it"),
        ])
    func refusesNamingTheColumn(columns: String, column: String, reason: String) throws {
        let evolution = try definition(columns).evolution(of: metadata())
        #expect(evolution.refusals.map(\.column) == [column])
        #expect(evolution.refusals.first?.reason.contains(reason) == true)
        #expect(evolution.lines.last?.hasPrefix("! column \(column): ") == true)
    }

    @Test func refusesNarrowing() throws {
        let wide = #"[{"name": "id", "type": "long"}, \#(Self.at), {"name": "ratio", "type": "double"}]"#
        let evolution = try definition().evolution(of: metadata(wide))
        #expect(evolution.refusals.map(\.column) == ["id", "ratio"])
        #expect(evolution.refusals.allSatisfy { $0.reason.contains("values may not fit") })
    }

    @Test func aColumnThatDiffersOnlyInCaseIsNotAddedBesideTheOther() throws {
        var metadata = try metadata()
        metadata.schemas[0].fields[2].name = "Ratio"
        let evolution = try definition(Self.usual, #""allowDrop": true"#).evolution(of: metadata)
        #expect(evolution.refusals.map(\.column) == ["ratio"])
    }

    @Test func aRequiredColumnBecomesOptionalUnlessItIdentifiesRows() throws {
        let required = "[{\"name\": \"id\", \"type\": \"int\", \"required\": true}, \(Self.at), \(Self.ratio)]"
        var metadata = try metadata(required)
        #expect(try definition().evolution(of: metadata).changes == [.makeOptional(name: "id")])
        #expect(try definition().evolution(of: metadata).lines == ["~ column id: required → not required"])
        metadata.schemas[0].identifierFieldIDs = [1]
        let evolution = try definition().evolution(of: metadata)
        #expect(evolution.changes.isEmpty)
        #expect(evolution.refusals.map(\.column) == ["id"])
    }

    @Test(arguments: [(#""allowDrop": true"#, false), ("", true)])
    func dropsWhereItIsAllowed(members: String, byEvent: Bool) throws {
        let evolution = try definition("[\(Self.id), \(Self.at)]", members).evolution(
            of: metadata(), allowsDrop: byEvent)
        #expect(evolution.changes == [.dropColumn(name: "ratio")])
        #expect(evolution.lines == ["- column ratio float"])
    }

    @Test func neverDropsWhatPartitionsOrderOrIdentityUse() throws {
        let columns = "[\(Self.id)]"
        var metadata = try metadata(Self.usual, #""partition": ["hour(at)"], "sort": ["ratio"]"#)
        let evolution = try definition(columns, #""allowDrop": true"#).evolution(of: metadata)
        #expect(evolution.refusals.map(\.column) == ["at", "ratio"])
        // A spec that is no longer the current one still has files.
        metadata.partitionSpecs.append(PartitionSpec(specID: 1, fields: []))
        metadata.defaultSpecID = 1
        metadata.defaultSortOrderID = 0
        metadata.schemas[0].identifierFieldIDs = [3]
        let later = try definition(columns, #""allowDrop": true"#).evolution(of: metadata)
        #expect(later.refusals.map(\.column) == ["at", "ratio"])
        #expect(later.refusals.last?.reason.contains("identifies rows") == true)
    }

    @Test func plansPartitionAndOrder() throws {
        let table = try definition(Self.usual, #""partition": ["day(at)", "bucket(4, id)"], "sort": ["id desc"]"#)
        let evolution = try table.evolution(of: metadata(Self.usual, #""partition": ["hour(at)"]"#))
        #expect(
            evolution.changes == [
                .setPartition([
                    PartitionTerm(column: "at", transform: .day, name: "at_day"),
                    PartitionTerm(column: "id", transform: .bucket(count: 4), name: "id_bucket"),
                ]),
                .setSortOrder([SortTerm(column: "id", transform: .identity, direction: .descending, nullOrder: .last)]),
            ])
        #expect(
            evolution.lines == [
                "~ partition: hour(at) → day(at), bucket(4, id)", "+ sort: id desc nulls last",
            ])
        let none = try definition().evolution(of: metadata(Self.usual, #""partition": ["hour(at)"], "sort": ["id"]"#))
        #expect(none.changes == [.setPartition([]), .setSortOrder([])])
    }

    @Test func setsWhatIsGivenAndRemovesWhatNoLongerIs() throws {
        let before = #""doc": "d", "owner": "iot", "retention": {"snapshots": 9}, "properties": {"x": "y"}"#
        var metadata = try metadata(Self.usual, before)
        metadata.properties["theirs"] = "1"
        let after = #""doc": "e", "layer": "gold", "properties": {"x": "z"}"#
        let evolution = try definition(Self.usual, after).evolution(of: metadata)
        #expect(
            evolution.changes == [
                .setProperties(["comment": "e", "layer": "gold", "x": "z", Self.record: #"["comment","layer","x"]"#]),
                .removeProperties(["owner", "swiftlake.snapshots.max"]),
            ])
        #expect(
            evolution.lines.prefix(5) == [
                "~ property comment: d → e", "+ property layer: gold", "~ property x: y → z", "- property owner: iot",
                "- property swiftlake.snapshots.max: 9",
            ])
    }

    @Test func leavesPropertiesThatNoDefinitionGave() throws {
        var metadata = try metadata(Self.usual, #""owner": "iot""#)
        metadata.properties[Self.record] = nil
        #expect(try definition().evolution(of: metadata).isEmpty)
        metadata.properties[Self.record] = "damaged ["
        #expect(
            try definition().evolution(of: metadata).changes == [.setProperties([Self.record: "[]"])])
    }

    @Test func governanceIsAProperty() throws {
        let columns =
            #"[{"name": "id", "type": "int", "classification": "personal-data"}, \#(Self.at), \#(Self.ratio)]"#
        let evolution = try definition(columns, #""owner": "iot", "layer": "bronze""#).evolution(of: metadata())
        #expect(
            evolution.changes == [
                .setProperties([
                    "classification": "personal-data: id", "layer": "bronze", "owner": "iot",
                    Self.record: #"["classification","layer","owner"]"#,
                ])
            ])
    }

    @Test func everyPlanAppliesAndLeavesNothingToDo() throws {
        let columns = """
            [{"name": "site", "type": "string"}, {"name": "id", "type": "long", "doc": "n"}, \(Self.at)]
            """
        let table = try definition(
            columns,
            #""allowDrop": true, "partition": ["day(at)", "site"], "sort": ["site"], "retention": {"snapshots": 3}"#)
        let metadata = try metadata(Self.usual, #""partition": ["hour(at)"], "owner": "o""#)
        let next = try metadata.applying(table.evolution(of: metadata).changes)
        #expect(table.evolution(of: next).isEmpty)
        #expect(next.currentSchema?.fields.map(\.name) == ["id", "at", "site"])
        #expect(next.schemas[0] == metadata.schemas[0])
    }

    @Test func refusesWhatTheMetadataDoesNotTake() throws {
        // A column of the name that a partition field of the table has.
        var metadata = try metadata(Self.usual, #""partition": ["hour(at)"]"#)
        metadata.partitionSpecs[0].fields[0].name = "site"
        let columns = "[\(Self.id), \(Self.at), \(Self.ratio), {\"name\": \"site\", \"type\": \"int\"}]"
        var evolution = try definition(columns, #""partition": ["hour(at)"]"#).evolution(of: metadata)
        #expect(evolution.refusals.isEmpty)
        evolution.refuseWhatDoesNotApply(to: metadata)
        #expect(evolution.refusals.map(\.column) == ["site"])
    }

    @Test func aFunctionWithAnEarlierDefinitionWritesTheWiderType() throws {
        let wide = #"[{"name": "id", "type": "long"}, \#(Self.at), {"name": "ratio", "type": "double"}]"#
        let schema = try #require(try metadata(wide).currentSchema)
        let decodings = try definition().columnDecodings(for: schema)
        #expect(decodings.map(\.field.type) == [.long, .timestamp, .double])
        let narrow = try #require(try metadata().currentSchema)
        #expect(throws: DefinitionError.self) { try definition(wide).columnDecodings(for: narrow) }
    }
}

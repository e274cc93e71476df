internal import Foundation
internal import Iceberg
internal import Lake

/// The views of a lake, each with its query.
struct StoredViews {
    /// A view.
    struct View: Equatable {
        /// Its database and name.
        let identifier: TableIdentifier
        /// The query's text.
        let sql: String
    }

    /// The views by name.
    let views: [View]
    /// Where they lie, for people.
    let place: String

    /// Reads the views: of a lake on this machine from the files that bootstrap-tables has stored beside its catalog, and
    /// of one whose catalog is a service, which has them itself, as the definition has them.
    init(_ place: LakePlace) throws {
        guard place.catalogPath != nil else {
            let definition = try place.definition()
            views = definition.views.map { View(identifier: $0.identifier, sql: $0.sql) }
                .sorted { "\($0.identifier)" < "\($1.identifier)" }
            self.place = place.settings.definitionPaths.joined(separator: ", ")
            return
        }
        let folder = "\(place.name)/views"
        self.place = folder
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        views = try files.sorted().compactMap { file in
            let parts = file.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            // A file of another form is none that bootstrap-tables wrote, or one that it is writing.
            guard parts.count == 3, parts[2] == "sql", !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
            let path = "\(folder)/\(file)"
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandFailure("\(path) cannot be read")
            }
            var sql = String(decoding: data, as: UTF8.self)
            while sql.last?.isWhitespace == true { sql.removeLast() }
            return View(identifier: TableIdentifier(namespace: parts[0], name: parts[1]), sql: sql)
        }
    }

    /// The view of a name such as `crypto_db.crypto_trader_view`.
    func view(named name: String) throws(CommandFailure) -> View {
        if let view = views.first(where: { "\($0.identifier)" == name }) { return view }
        let known = views.map(\.identifier.description).joined(separator: ", ")
        throw CommandFailure(
            "\(place) has no view \(name). "
                + (known.isEmpty ? "It has none yet: run bootstrap-tables" : "It has \(known)."))
    }
}

/// The order of rows inside data files ("Sorting").
public struct SortOrder: Hashable, Sendable {
    /// Which end comes first.
    public enum Direction: String, Sendable { case ascending = "asc", descending = "desc" }
    /// Where nulls go.
    public enum NullOrder: String, Sendable { case first = "nulls-first", last = "nulls-last" }

    /// One key of the order.
    public struct Field: Hashable, Sendable {
        /// The column's field id.
        public var sourceID: Int
        /// What is compared.
        public var transform: Transform
        /// Which end comes first.
        public var direction: Direction
        /// Where nulls go.
        public var nullOrder: NullOrder

        /// A key.
        public init(sourceID: Int, transform: Transform, direction: Direction, nullOrder: NullOrder) {
            self.sourceID = sourceID
            self.transform = transform
            self.direction = direction
            self.nullOrder = nullOrder
        }
    }

    /// Number of this order in its table; 0 is "unsorted".
    public var orderID: Int
    /// The keys, most significant first.
    public var fields: [Field]

    /// An order.
    public init(orderID: Int, fields: [Field]) {
        self.orderID = orderID
        self.fields = fields
    }

    /// No order.
    public static let unsorted = SortOrder(orderID: 0, fields: [])
}

#include <sqlite3.h>

/* Has SQLite allocate each page when it is first read, instead of the first twenty at once. Only before any other call. */
static inline int swiftlake_sqlite3_allocate_pages_singly(void) {
    return sqlite3_config(SQLITE_CONFIG_PAGECACHE, (void *)0, 0, 0);
}

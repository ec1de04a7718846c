"""Where the register, hand-overs and calendars plug into the other homes; called once by `AppConfig.ready`."""

from communities import closing, copying, searching as desk_search, todo
from venues import checks_queue, feeds, rooms_keeping, searching


def wire() -> None:
    todo.register(checks_queue.rows)
    desk_search.register("活动室", searching.rooms)
    feeds.register(feeds.bookings)
    copying.register(*rooms_keeping.SECTIONS)
    closing.on_close(rooms_keeping.ended)
    closing.on_empty(rooms_keeping.emptied)

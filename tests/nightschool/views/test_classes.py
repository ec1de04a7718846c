"""The pages of single classes on the phone: the code on the door, leave, what was, and the word at the end."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from rest_framework.serializers import ModelSerializer
from time_machine import travel

from communities import rotating
from core import clock
from nightschool.attending import class_code, feedback
from nightschool.models import Attendance, Enrolment, Feedback, Session
from tests import world as cast
from tests.nightschool.attending.coming import at_class, course, day_after, here, lesson
from tests.pages import enter, links, queries, text, words
from tests.world import World

pytestmark = pytest.mark.django_db
Taken = tuple[Session, Enrolment]


@pytest.fixture
def tonight(world: World) -> Taken:
    """The first class; 王秀兰 has a seat."""
    made, (mine,) = course(world, world.wang)
    return lesson(made, 1), mine


def code_of(session: Session) -> str:
    """Where the code on the screen leads at this moment."""
    return f"/class/{session.pk}/{rotating.code(f'class:{session.pk}', clock.now())}/"


def test_scanning_shows_what_will_happen_and_the_button_does_it(client: Client, world: World, tonight: Taken) -> None:
    session, _ = tonight
    with at_class(session):
        enter(client, world.wang)
        answer = client.get(code_of(session), follow=True)
        assert answer.redirect_chain == [(f"/class/{session.pk}/", 302)]
        assert "王秀兰" in words(answer.content.decode()) and "确认签到" in words(answer.content.decode())
        assert not Attendance.objects.exists()
        done = words(client.post(f"/class/{session.pk}/", follow=True).content.decode())
        assert "已签到" in done and "18:50" in done
        assert "已签到" in text(client, f"/class/{session.pk}/")
    assert Attendance.objects.get().how == "code"


def test_an_old_picture_is_refused_and_says_why(client: Client, world: World, tonight: Taken) -> None:
    session, _ = tonight
    with at_class(session) as now:
        enter(client, world.wang)
        old = code_of(session)
        with travel(now + timedelta(minutes=2), tick=False):
            answer = client.get(old)
            assert answer.status_code == 409 and "截图和转发的不能用" in words(answer.content.decode())
            client.post(f"/class/{session.pk}/")
    assert not Attendance.objects.exists()


def test_the_code_of_another_class_opens_nothing(client: Client, world: World, tonight: Taken) -> None:
    session, _ = tonight
    other = lesson(session.course, 2)
    with at_class(session):
        enter(client, world.wang)
        assert client.get(code_of(other).replace(f"/{other.pk}/", f"/{session.pk}/")).status_code == 409
        client.get(code_of(other))
        assert client.get(f"/class/{session.pk}/").status_code == 409


def test_without_a_scan_nobody_signs_in(client: Client, world: World, tonight: Taken) -> None:
    session, _ = tonight
    with at_class(session):
        enter(client, world.wang)
        answer = client.get(f"/class/{session.pk}/")
        assert answer.status_code == 409 and "请先扫教室屏幕上的码" in words(answer.content.decode())
        client.post(f"/class/{session.pk}/")
    assert not Attendance.objects.exists()


def test_a_visitor_signs_in_in_between_and_the_scan_holds_ten_minutes(
    client: Client, world: World, tonight: Taken
) -> None:
    session, _ = tonight
    with at_class(session) as now:
        answer = client.get(code_of(session), follow=True)
        assert answer.redirect_chain[-1][0].startswith("/sign-in/?next=")
        kept = client.session[class_code.SESSION_KEY]
        assert world.wang.account
        client.force_login(world.wang.account)
        assert client.session.get(class_code.SESSION_KEY) == kept
        with travel(now + timedelta(minutes=11), tick=False):
            assert client.get(f"/class/{session.pk}/").status_code == 409
        with travel(now + timedelta(minutes=9), tick=False):
            client.post(f"/class/{session.pk}/")
    assert Attendance.objects.get().at == now


def test_who_has_no_seat_is_told_and_has_no_button(client: Client, world: World, tonight: Taken) -> None:
    session, _ = tonight
    with at_class(session):
        enter(client, world.li)
        html = client.get(code_of(session), follow=True).content.decode()
    assert "您没有这门课的名额" in html and "确认签到</button>" not in html


def test_the_screen_shows_the_code_in_its_hours_alone(client: Client, world: World, tonight: Taken) -> None:
    session, _ = tonight
    path = f"/desk/night-school/classes/{session.pk}/code/"
    client.force_login(world.zhang)
    early = client.get(path).content.decode()
    assert "起可以签到" in early and "<svg" not in early and "refresh" not in early
    with at_class(session, 5):
        client.force_login(world.zhang)
        html = client.get(path).content.decode()
        assert "qr--big" in html and 'data-refresh="20"' in html and "19:15以后算迟到" in words(html)
    with at_class(session, 31):
        assert "签到时间已过" in client.get(path).content.decode()


def test_leave_by_the_button_and_taken_back(client: Client, world: World, tonight: Taken) -> None:
    session, mine = tonight
    enter(client, world.wang)
    page = f"/tickets/{mine.pk}/classes/"
    assert f"/tickets/{mine.pk}/classes/" in links(client, f"/tickets/{mine.pk}/")
    path = f"/tickets/{mine.pk}/classes/{session.pk}/leave/"
    assert "我要请假" in text(client, page)
    assert "已请假，不计缺课" in words(client.post(path, follow=True).content.decode())
    assert "撤回请假" in text(client, page) and Attendance.objects.get().status == "leave"
    assert "请假已撤回" in words(client.post(f"{path}back/", follow=True).content.decode())
    assert not Attendance.objects.exists()


def test_nobody_asks_for_leave_for_somebody_elses_seat(client: Client, world: World, tonight: Taken) -> None:
    session, mine = tonight
    other, _ = course(world, world.zhou, title="花艺插花")
    enter(client, world.li)
    assert client.get(f"/tickets/{mine.pk}/classes/").status_code == 404
    assert client.post(f"/tickets/{mine.pk}/classes/{session.pk}/leave/").status_code == 404
    enter(client, world.wang)
    assert client.post(f"/tickets/{mine.pk}/classes/{lesson(other, 1).pk}/leave/").status_code == 404


def test_an_absence_shows_how_to_appeal(client: Client, world: World, tonight: Taken) -> None:
    session, mine = tonight
    row = Attendance.objects.create(session=session, enrolment=mine, status="absent", how="sweep", by=world.system)
    enter(client, world.wang)
    assert "缺课" in text(client, f"/tickets/{mine.pk}/classes/")
    assert f"/appeals/attendance:{row.pk}/" in links(client, f"/tickets/{mine.pk}/classes/")
    assert f"《{session.course.title}》第1课" in text(client, f"/appeals/attendance:{row.pk}/")


def test_the_page_asks_as_much_for_thirty_classes_as_for_three(client: Client, world: World, tonight: Taken) -> None:
    session, mine = tonight
    Attendance.objects.create(session=session, enrolment=mine, status="absent", how="sweep", by=world.system)
    enter(client, world.wang)
    few = queries(client, f"/tickets/{mine.pk}/classes/")
    Session.objects.filter(course=session.course, number__gt=1).delete()
    for n in range(2, 31):
        starts = session.starts_at + timedelta(days=n)
        one = Session.objects.create(
            course=session.course, number=n, starts_at=starts, ends_at=starts + timedelta(minutes=90), room=session.room
        )
        Attendance.objects.create(session=one, enrolment=mine, status="absent", how="sweep", by=world.system)
    assert queries(client, f"/tickets/{mine.pk}/classes/") == few


def test_a_seat_that_was_freed_is_nowhere_called_given_back(client: Client, world: World) -> None:
    _, (mine,) = course(world, world.wang, price=60)
    reason = "缺课没有说明，名额已让出"
    Enrolment.objects.filter(pk=mine.pk).update(status="freed", cancelled_at=clock.now(), cancel_reason=reason)
    enter(client, world.wang)
    ticket, listed = text(client, f"/tickets/{mine.pk}/"), text(client, "/tickets/")
    assert "60积分不退回" in ticket and "可以申诉" in ticket and "缺课让位" in ticket
    assert "已退回" not in ticket and "已退课" not in ticket
    assert "缺课让出了名额" in listed and "已退课，" not in listed


# The word at the end


def rated(stars: dict[Enrolment, int]) -> None:
    for seat, many in stars.items():
        Feedback.objects.create(enrolment=seat, stars=many, words=f"给{many}星的话")


def test_who_was_there_says_a_word_once_from_the_middle_on(client: Client, world: World, tonight: Taken) -> None:
    session, mine = tonight
    here(session, world.wang)
    path = f"/tickets/{mine.pk}/feedback/"
    with day_after(lesson(session.course, 1)):
        enter(client, world.wang)
        assert "上到一半以后" in text(client, path)
        assert client.post(path, {"stars": 5, "words": "好"}).status_code == 409
    with day_after(lesson(session.course, 2)):
        enter(client, world.wang)
        assert path in links(client, f"/tickets/{mine.pk}/classes/")
        assert client.post(path, {"stars": 6}).status_code == 400
        assert client.post(path, {"stars": 5, "words": "老师很耐心"}).status_code == 302
        assert client.post(path, {"stars": 1}).status_code == 409
    assert (Feedback.objects.get().stars, Feedback.objects.get().words) == (5, "老师很耐心")


def test_who_never_came_says_nothing(world: World, tonight: Taken) -> None:
    session, mine = tonight
    with day_after(lesson(session.course, 2)) as now:
        assert isinstance(feedback.refusal_for(mine, now), feedback.NeverThere)


def test_below_three_answers_nobody_reads_anything(world: World) -> None:
    people = [cast.resident(world.wenxing, f"邻居{n}", f"1370000{n:04d}") for n in range(4)]
    made, seats = course(world, *people)
    rated(dict(zip(seats[:2], (3, 4), strict=True)))
    assert feedback.summary(made) == feedback.Summary(2, "", [])
    rated({seats[2]: 5})
    shown = feedback.summary(made)
    assert (shown.answers, shown.average) == (3, "4.0") and len(shown.words) == 3
    rated({seats[3]: 1})
    assert feedback.summary(made) == shown  # whose the fourth is would be plain


@pytest.mark.parametrize("learners", [1, 4])
def test_the_teacher_finds_out_nowhere_who_wrote(
    client: Client, world: World, learners: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Not on a page, not over REST, not in a file, not in a log line: with one learner and with the one after the third."""
    people = [cast.resident(world.wenxing, f"邻居{n}", f"1370000{n:04d}") for n in range(learners)]
    made, seats = course(world, *people, taught_by=world.li)
    rated(dict.fromkeys(seats[:-1], 4))
    here(lesson(made, 1), people[-1], by=world.system)
    with day_after(lesson(made, 3)), caplog.at_level("INFO"):
        enter(client, people[-1])
        assert client.post(f"/tickets/{seats[-1].pk}/feedback/", {"stars": 1, "words": "听不懂"}).status_code == 302
        logged = caplog.text
        enter(client, world.li)
        own = ["/teach/", "/tickets/", "/messages/", f"/night-school/{made.pk}/"]
        pages = [client.get(path).content.decode() for path in own]
        client.force_login(world.zhang)
        desk = f"/desk/night-school/{made.pk}/attendance/"
        answer = client.get(f"{desk}export/")
        book = load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
        pages += [text(client, desk), str(list(book.active.values))]
    assert "听不懂" not in "".join(pages) and "1.0" not in pages[0]
    assert "听不懂" not in logged and "stars" not in logged
    shapes = [one for one in ModelSerializer.__subclasses__() if hasattr(one, "Meta")]
    assert shapes and not [one for one in shapes if one.Meta.model is Feedback or "feedback" in one.Meta.fields]


def test_the_teacher_reads_words_in_an_order_of_their_own_without_names(client: Client, world: World) -> None:
    people = [cast.resident(world.wenxing, f"邻居{n}", f"1370000{n:04d}") for n in range(8)]
    made, seats = course(world, *people, taught_by=world.li)
    for number, seat in enumerate(seats):
        Feedback.objects.create(enrolment=seat, stars=5, words=f"第{number}句话")
    said = feedback.summary(made).words
    assert sorted(said) == [f"第{n}句话" for n in range(6)] != said
    Feedback.objects.filter(enrolment=seats[0]).update(at=clock.now() + timedelta(days=1))
    assert feedback.summary(made).words == said
    enter(client, world.li)
    shown = text(client, "/teach/")
    assert "5.0" in shown and "第3句话" in shown and "邻居" not in shown
    client.force_login(world.zhang)
    desk = text(client, f"/desk/night-school/{made.pk}/attendance/")
    assert "第3句话" in desk

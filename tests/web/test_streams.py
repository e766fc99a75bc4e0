"""The organizer's page of a stream, the monitor, and the files of the trial stream."""

import dataclasses
import html
from datetime import timedelta

import pytest

from quizapp import clock, create_app, db, models
from quizapp.services import shows, streams
from tests import make
from tests.make import PASSWORD, PHONES

VIDEO = "https://youtu.be/dQw4w9WgXcQ"
PLAYLIST = "https://phat.tinh.gov.vn/thi/index.m3u8"


@pytest.fixture(autouse=True)
def room(app):
    """A room that hana made."""
    app.config["WTF_CSRF_ENABLED"] = False
    with db.begin() as session:
        hana = make.person(session, "hana", roles=("organizer",))
        make.person(session, "mallory", roles=("organizer",))
        return make.show(session, organizer_id=hana.id, now=clock.now()).code


@pytest.fixture
def hana(client):
    client.post("/dang-nhap", data={"login": PHONES["hana"], "password": PASSWORD})
    return client


def kept(room):
    with db.read() as session:
        show = shows.find(session, room)
        return show.stream, show.recording


def page(client, path, **more):
    answer = client.get(path, **more)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True)), answer.headers["Content-Security-Policy"]


def test_mallory_is_turned_away_from_every_page(app, room):
    stranger = app.test_client()
    for path in ("luong", "giam-sat"):
        assert stranger.get(f"/phong/{room}/{path}").status_code == 401
    stranger.post("/dang-nhap", data={"login": PHONES["mallory"], "password": PASSWORD})
    for path in ("luong", "giam-sat"):
        assert stranger.get(f"/phong/{room}/{path}").status_code == 404
    for path in ("luong", "luong/bo", "luong/ban-ghi", "luong/bo-ban-ghi"):
        assert stranger.post(f"/phong/{room}/{path}", data={"address": VIDEO, "recording": VIDEO}).status_code == 404
    assert kept(room) == (None, None)


def test_a_pasted_stream_is_kept_and_its_players_view_is_shown(hana, room):
    answer = hana.post(f"/phong/{room}/luong", data={"address": VIDEO, "seconds": "5"}, follow_redirects=True)
    text = html.unescape(answer.get_data(as_text=True))
    assert kept(room)[0] == {"provider": "youtube", "id": "dQw4w9WgXcQ", "latency_ms": 5000}
    assert "Hình chậm khoảng 5 giây so với trường quay" in text
    assert "YouTube có thể thu thập dữ liệu" in text
    assert "/lop-phu?khoa=" in text
    assert "Shutdown source when not visible" in text
    assert "frame-src" not in answer.headers["Content-Security-Policy"]  # nothing of YouTube is loaded here


def test_beside_a_stream_names_are_given_until_the_host_says_otherwise(hana, room):
    assert "/luong/ten" not in page(hana, f"/phong/{room}/luong")[0]
    hana.post(f"/phong/{room}/luong", data={"address": VIDEO})
    assert "nhận tên do máy đặt" in page(hana, f"/phong/{room}/luong")[0]
    hana.post(f"/phong/{room}/luong/ten", data={"ten": "typed"})
    assert "tên mình tự đặt" in page(hana, f"/phong/{room}/luong")[0]
    with db.read() as session:
        assert shows.settings(shows.find(session, room)).names == "typed"


def test_an_address_that_is_not_on_the_list_stays_in_the_form_with_the_reason(hana, room):
    answer = hana.post(f"/phong/{room}/luong", data={"address": "https://mallory.example/x", "seconds": ""})
    text = html.unescape(answer.get_data(as_text=True))
    assert "Chưa nhận ra địa chỉ này" in text
    assert 'value="https://mallory.example/x"' in text
    assert kept(room)[0] is None


def test_a_form_without_an_address_says_what_is_missing(hana, room):
    text = html.unescape(hana.post(f"/phong/{room}/luong", data={"seconds": "31"}).get_data(as_text=True))
    assert "Chưa lưu" in text
    assert kept(room)[0] is None


def test_the_address_of_this_site_is_its_own_stream(hana, room):
    hana.post(f"/phong/{room}/luong", data={"address": "http://localhost/phat-thu/thu/index.m3u8"})
    assert kept(room)[0] == {"provider": "hls", "id": "/phat-thu/thu/index.m3u8", "latency_ms": 8000}


def test_a_stream_can_be_taken_away(hana, room):
    hana.post(f"/phong/{room}/luong", data={"address": PLAYLIST})
    hana.post(f"/phong/{room}/luong/bo")
    assert kept(room)[0] is None


@pytest.mark.parametrize(
    ("address", "allowed", "forbidden"),
    [
        (PLAYLIST, "media-src 'self' blob: https://phat.tinh.gov.vn", "frame-src"),
        (VIDEO, "frame-src https://www.youtube-nocookie.com", "media-src"),
    ],
)
def test_the_monitor_may_load_its_own_stream_and_nothing_else(hana, room, address, allowed, forbidden):
    hana.post(f"/phong/{room}/luong", data={"address": address})
    text, policy = page(hana, f"/phong/{room}/giam-sat")
    assert allowed in policy
    assert forbidden not in policy
    assert "data-monitor" in text
    if address == PLAYLIST:
        assert "connect-src 'self' ws://localhost wss://localhost https://phat.tinh.gov.vn;" in policy


def test_without_a_stream_there_is_nothing_to_monitor(hana, room):
    assert hana.get(f"/phong/{room}/giam-sat").status_code == 404


def test_the_rooms_key_may_stand_in_a_dock_of_the_studio(hana, room):
    text, _ = page(hana, f"/phong/{room}/luong")
    key = text.split("/dieu-khien?khoa=")[1].split('"')[0]
    answer = hana.application.test_client().get(f"/phong/{room}/dieu-khien?khoa={key}")
    assert answer.status_code == 302


def end(room):
    now = clock.now()
    with db.begin() as session:
        show = shows.find(session, room)
        show.position = 1
        show.turns[0].opens_at = show.turns[0].reading_at = now - timedelta(minutes=5)
        show.turns[0].closes_at = now - timedelta(minutes=4)
        show.turns[0].open_told = show.turns[0].lock_told = True
        show.ended_at = now
    return now - timedelta(minutes=5)


def test_a_recording_is_placed_by_the_moment_of_its_first_question(hana, room):
    opened = end(room)
    hana.post(f"/phong/{room}/luong/ban-ghi", data={"recording": VIDEO, "first": "1:02:30,5"})
    begins = round(opened.timestamp() * 1_000_000) - 3_750_500_000
    assert kept(room)[1] == {"provider": "youtube", "id": "dQw4w9WgXcQ", "starts_us": begins}
    text, _ = page(hana, f"/phong/{room}/luong")
    assert f"/phong/{room}/xem-lai" in text
    hana.post(f"/phong/{room}/luong/bo-ban-ghi")
    assert kept(room)[1] is None


def test_a_recording_without_a_readable_moment_is_not_kept(hana, room):
    end(room)
    text = hana.post(f"/phong/{room}/luong/ban-ghi", data={"recording": VIDEO, "first": "phút 12"}).get_data(
        as_text=True
    )
    assert "12:30" in html.unescape(text)
    assert kept(room)[1] is None


def test_the_trial_stream_is_served_where_things_are_tried_out(client, config):
    folder = config.instance / "stream" / "thu"
    folder.mkdir(parents=True)
    (folder / "index.m3u8").write_text("#EXTM3U\n")
    (folder / "a.ts").write_bytes(b"G")
    (config.instance / "stream" / "secrets.env").write_text("SECRET_KEY=x")
    playlist = client.get("/phat-thu/thu/index.m3u8")
    assert (playlist.status_code, playlist.content_type) == (200, "application/vnd.apple.mpegurl")
    assert playlist.headers["Cache-Control"] == "no-store"
    assert client.get("/phat-thu/thu/a.ts").content_type == "video/mp2t"
    for name in ("thu/b.ts", "secrets.env", "../quiz.sqlite3", "%2e%2e/secrets.env", "thu"):
        assert client.get(f"/phat-thu/{name}").status_code == 404


def test_the_trial_stream_is_not_served_in_production(config):
    folder = config.instance / "stream" / "thu"
    folder.mkdir(parents=True)
    (folder / "index.m3u8").write_text("#EXTM3U\n")
    served = create_app(dataclasses.replace(config, development=False))
    models.Base.metadata.create_all(db.engine())
    assert served.test_client().get("/phat-thu/thu/index.m3u8").status_code == 404


def test_streams_are_named_in_full(hana, room):
    with db.begin() as session:
        streams.put(session, shows.find(session, room), "https://phat.vn/whep/thi", None, "https://x.vn")
    text, _ = page(hana, f"/phong/{room}/luong")
    assert "WebRTC" in text
    assert "/giam-sat" not in text


def test_only_pages_that_play_the_stream_may_load_it(hana, room):
    hana.post(f"/phong/{room}/luong", data={"address": VIDEO})
    for path in (f"/phong/{room}/man-hinh", f"/phong/{room}/luong", f"/phong/{room}/thoi-diem", "/"):
        assert "youtube" not in page(hana, path)[1]
    text, policy = page(hana, f"/phong/{room}?xem=1")
    assert "frame-src https://www.youtube-nocookie.com" in policy
    assert "<iframe" not in text  # it is loaded after a tap

"""The log cannot leak: after the whole story no secret is in it, in the inspector, in tokens, or in a refusal."""

from tests.sandbox.developer import Developer

PASSWORD = "a password of bo's that nobody may read"


async def test_no_secret_is_shown(developer: Developer) -> None:
    world = await developer.world()
    http, made = developer.http, world.made
    await world.control("POST", "/people", {"username": "bo", "password": PASSWORD}, 201)
    session = await world.session()
    guest = (await world.call("GET", "/3/authentication/guest_session/new")).json()["guest_session_id"]
    token = await world.token()
    login = {"username": "bo", "password": PASSWORD, "request_token": token}
    await world.call("POST", "/3/authentication/token/validate_with_login", login)
    await http.post("/3/authentication/token/validate_with_login", data={**login, "api_key": made["api_key"]})
    await world.call("POST", "/3/authentication/token/validate_with_login", {**login, "username": PASSWORD})
    bearer = {"Authorization": f"Bearer {made['read_token']}"}
    fourth = (await http.post("/4/auth/request_token", json={}, headers=bearer)).json()["request_token"]
    await world.control("POST", "/approvals", {"request_token": fourth})
    access = (await http.post("/4/auth/access_token", json={"request_token": fourth}, headers=bearer)).json()
    await world.call("GET", f"/3/guest_session/{guest}/rated/movies", session_id=session)
    await http.get(f"/authenticate/{token}?redirect_to=https://a.example/?session_id={session}", follow_redirects=True)
    await http.post(f"/3/list?api_key={made['api_key']}", content=f'{{"session_id": "{session}", broken')
    await http.get(f"/3/{session}/{PASSWORD}?{session}={session}&api_key={made['api_key']}&callback={session}")
    await http.get("/3/movie/550", headers={"user-agent": f"app {session}", "authorization": f"Bearer {session}"})
    second = await world.token()
    await world.control("PUT", "/script", {"script": [{"does": "wrong-password-twice-then-approve", "username": "bo"}]})
    await world.token()
    texts = [(await http.get(f"/sandbox/worlds/{each}/log")).text for each in (world.tag, "default")]
    texts.append((await http.get(f"/sandbox/worlds/{world.tag}/tokens")).text)
    texts.append((await http.get(f"/sandbox/inspect/{world.tag}")).text)
    texts.append((await http.get("/sandbox/")).text)
    for method, path, body in (
        ("POST", "/approvals", {"request_token": session}),
        ("POST", "/approvals", {"request_token": second, "username": PASSWORD}),
        ("POST", "/approvals", {"request_token": second, session: PASSWORD}),
        ("POST", "/apps", {"name": "x", "owner": PASSWORD}),
        ("GET", f"/{session}", None),
        ("GET", f"/log?{session}=1", None),
    ):
        answer = await http.request(method, f"/sandbox/worlds/{world.tag}{path}", json=body)
        assert 400 <= answer.status_code < 500
        assert set(answer.json()) == {"error", "detail"}
        texts.append(answer.text)

    secrets = world.issued | {session, guest, token, second, fourth, access["access_token"], PASSWORD}
    assert len(secrets) > 8
    for text in texts:
        for secret in secrets:
            assert secret not in text
            assert secret.replace(" ", "%20") not in text
            assert secret.replace(" ", "+") not in text


async def test_the_log_keeps_no_more_than_it_should(developer: Developer) -> None:
    world = await developer.world()
    for number in range(120):
        await world.call("GET", "/3/movie/550", x=f"{number} " + "word " * 700)
    log = await world.control("GET", "/log")

    assert log["newest"] == 120
    assert 10 < len(log["log"]) < 120
    assert sum(len(entry["query"]) for entry in log["log"]) < 220_000
    assert [entry["number"] for entry in (await world.control("GET", "/log?after=118"))["log"]] == [119, 120]
    assert [entry["number"] for entry in (await world.control("GET", "/log?most=1"))["log"]] == [120]

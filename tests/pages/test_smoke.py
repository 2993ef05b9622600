import httpx
from admitone.pages.app import make_pages
from admitone.pages.site import Site
from admitone.flows import accounts, apps, request_tokens
async def test_smoke(house):
    await accounts.add(house, "mira", "correct horse battery", "Mira Okafor")
    app, cred = await house.write(apps.add, apps.Registration("CineShelf", "mira"))
    tok = await house.write(request_tokens.issue, app.id, "127.0.0.1/32")
    pages = make_pages(house, Site("http://testserver"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages), base_url="http://testserver") as c:
        for p in ("/", "/help", "/privacy", "/signin", "/signout", "/nope", "/authenticate/x", f"/authenticate/{tok.text}?redirect_to=https://cine.example/cb"):
            r = await c.get(p); print(p, r.status_code, r.headers.get("location"), len(r.text)); 
        loc = r.headers["location"]
        r = await c.get(loc); print(r.text)
        import re
        key = re.search(r'form_key" value="([^"]+)', r.text)[1]
        H={"origin":"http://testserver","sec-fetch-site":"same-origin"}
        r = await c.post(loc, data={"form_key":key,"username":"mira","password":"correct horse battery"}, headers=H); print(r.status_code, r.headers)
        loc = r.headers["location"]
        r = await c.get(loc); print(r.status_code, r.headers, r.text)
        key = re.search(r'form_key" value="([^"]+)', r.text)[1]
        r = await c.post(loc, data={"form_key":key,"decision":"approve", "redirect_to":"https://cine.example/cb"}, headers=H); print(r.status_code, r.headers)
        r = await c.get(r.headers["location"]); print(r.status_code, r.headers, r.text)

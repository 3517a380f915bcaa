"""What another app shares with the phone's app stands in the stream, without a server and without a network."""

from __future__ import annotations

import base64
from pathlib import Path

from tests.e2e.pocket_app import PocketWindow, pocket
from tests.fakes.made import photo

SHARE = """({ title, text, jpegs }) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: "share", enctype: "multipart/form-data" });
  for (const [name, value] of Object.entries({ title, text })) {
    const field = document.createElement("textarea");
    Object.assign(field, { name, value });
    form.append(field);
  }
  const files = document.createElement("input");
  Object.assign(files, { type: "file", name: "files", multiple: true });
  const given = new DataTransfer();
  for (const [name, said] of jpegs) {
    const bytes = Uint8Array.from(atob(said), (one) => one.charCodeAt(0));
    given.items.add(new File([bytes], name, { type: "image/jpeg" }));
  }
  files.files = given.files;
  form.append(files);
  document.body.append(form);
  setTimeout(() => form.submit(), 0);
}"""
THUMBS = """() => performance.getEntriesByType("resource")
  .filter((one) => /media\\/(thumb|preview)\\//.test(one.name) && one.responseStatus === 200)
  .map((one) => one.name)"""
WIDTH = "async (url) => (await createImageBitmap(await (await fetch(url)).blob())).width"
LEFT = """async () => {
  const found = [];
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("fieldlog-share~");
  for await (const name of root.keys()) found.push(name);
  return found;
}"""


async def share(win: PocketWindow, title: str, text: str, *jpegs: tuple[str, bytes]) -> None:
    """As the system does it for the app on the home screen: it goes to `share` with what was chosen."""
    given = [(name, base64.b64encode(data).decode()) for name, data in jpegs]
    async with win.page.expect_navigation(wait_until="commit"):
        await win.page.evaluate(SHARE, {"title": title, "text": text, "jpegs": given})
    await win.up()


async def test_words_and_photos_from_another_app_stand_in_the_stream(
    pocket_site: Path, tmp_path: Path, shots: Path
) -> None:
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        win = await phone.begin_a_study()
        phone.close_site()

        await share(win, "通告单", "明天六点 二号棚", ("IMG_1.jpg", photo(size=(800, 600))))
        await win.see("From another app: 1 photo.")
        await win.see("明天六点 二号棚")
        await win.page.wait_for_function(f"() => ({THUMBS})().length === 1")
        (thumb,) = await win.page.evaluate(THUMBS)
        assert await win.page.evaluate(WIDTH, thumb) == 800, "one alone is drawn sharp"
        await win.shot(shots / "share-photo.png")

        await share(win, "", "only words")
        await win.see("From another app: 1 note.")
        await win.see("only words")
        assert await win.page.evaluate(LEFT) == []
        assert win.errors == []

        await phone.kill()
        win = await phone.open()
        for words in ("明天六点 二号棚", "only words"):
            await win.see(words)

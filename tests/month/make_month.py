#!/usr/bin/env python3
"""Scale the fictional sample month to N entries with photos and voice memos.

Deterministic: the same arguments and Pillow/espeak versions give the same bytes.
Only the standard library is needed; Pillow for photos; espeak-ng (optional) for --speech.

    python make_month.py --out demo                        # the hand-written month + its media
    python make_month.py --out big --entries 15000 --photos 300 --memos 120 --edge
    python make_month.py --out one --long-memo 60           # adds one 60-minute memo

Writes OUT/month.json (same shape as month.json, plus generated entries),
OUT/media/..., and OUT/truth.json: what a correct archive must find (counts by
production day, search hits, who withdrew, which strings must never be exported,
which files are damaged and how, where the red corner of each upright photo is).
"""
import argparse, array, collections, datetime as dt, hashlib, io, json, math, os, random, shutil, struct, subprocess, sys, unicodedata, wave

HERE = os.path.dirname(os.path.abspath(__file__))
MONTH = os.path.join(HERE, "..", "..", "assets", "sample", "month.json")
P = dt.datetime.fromisoformat
CN = dt.timezone(dt.timedelta(hours=8))

# ---- phrase banks: {p}=person, {q}=second person, {s}=scene, {n}=small number, {pl}=place, {k}=take
EN = ["{p} asks for the sound to be turned off and watches {s} again.", "Take {k} of {s}; {p} counts to three aloud and stops.",
 "Nobody answers {p}, and the lamp is moved anyway.", "{n} minutes between setups; the kettle boils twice.", "{p} holds the umbrella over the monitor, not over {q}.",
 "The phone rig is wiped with a sleeve before {s}.", "{q} looks at {p}, {p} looks at the schedule.", "At {pl} the floor is taped in two colours; only one is in frame.",
 "I stand by the props trolley and see hands, not faces.", "{p} eats standing up, {n} bites, the box goes under the chair.", "They run {s} without the line and keep it.",
 "{q} laughs a beat late.", "Someone says 'long drama' and someone else says 'here we go'.", "{p} shows me the rate on the phone: {n}.{k} percent, down since noon.",
 "Rain on the tarpaulin; {p} lifts one finger and everybody waits.", "The extras for {s} are asked to be astonished above the waist.", "{p} signs the sheet for {q} as well.",
 "It is the {n}th time today that 'fast' is said as praise.", "{q} sleeps with the earpiece in.", "The slate is wrong and is left wrong; {p} writes it down both ways."]
ZH = ["{p}说再来一条，{q}看表。", "{s}第{k}条，过。", "灯还没好，{p}先走了一遍位置。", "“快一点，天要亮了。”{p}对着对讲机说。", "完播率掉了{n}个点，{p}把手机扣在桌上。",
 "{q}在台阶上睡着了，戏服别着别针。", "投流那边要一个更狠的开头，{p}没有说话。", "盒饭凉了，{n}个人分一个辣椒酱。", "{p}问我写什么，我说写等待。", "竖屏里只看得见半张桌子，另一半放着{q}的包。",
 "第{n}集的卡点往前挪了六帧。", "{pl}外面有人看热闹，{p}去发烟。", "“长剧的时候不是这样的。”{q}小声说。", "场记单写满了，{p}翻到背面接着写。", "这一场没有台词，{p}让大家都别出声。", "品牌要求大力推广，海棠花开在停车场边上，静安来的人说像老家。"]
OPEN = {"jotting": ["{t} ", "", "- ", "cont. "], "quote": ["“", "“"], "fieldnote": ["", ""], "voice": ["[voice] "], "photo": ["[photo] "], "memo": ["Daily memo. "]}
NEEDLES = ["purple umbrella ledger", "紫藤账本", "the ninth orange", "第五级台阶的胶带", "crayfish for thirty-one", "小龙虾三十一份", "naïve façade", "ROI≈0.97", "🦐🦐", "DAY 14.5 tea urn", "黑场两个字", "soy milk, 06:51"]
QUERIES = ["完播率", "卡点", "umbrella", "rain", "长剧", "take 3", "台阶", "SLEEVE", "盒饭", "props trolley"]

def pick(r, seq): return seq[r.randrange(len(seq))]

class Month:
    def __init__(self, base, a):
        self.a, self.S, self.r = a, base, random.Random(a.seed)
        self.days = {d["n"]: d for d in base["days"]}
        self.by_day = collections.defaultdict(list)
        for s in base["sessions"]: self.by_day[s["day"]].append(s)
        self.person = {p["id"]: p for p in base["people"]}
        self.place = {p["id"]: p for p in base["places"]}
        self.scene_ids = [s["id"] for s in base["scenes"]]
        self.codes = [c["id"] for c in base["codes"]]
        self.usable = [p for p in self.person if self.person[p]["consent"]["state"] != "declined"]
        self.withdrawn_at = {p["id"]: P(p["withdrawal"]["asked_at"]) for p in base["people"] if p.get("withdrawal")}
        self.truth = {"seed": a.seed, "needles": {}, "edge_entries": {}, "bad_media": [], "photos": {}, "memos": {}}

    def called(self, pid):  # pseudonym, or the raw alias as people really jot it
        key = self.S["identity_key"]["names"][pid]
        x = self.r.random()
        if x < .70: return self.person[pid]["pseudonym_zh"] if self.r.random() < .5 else self.person[pid]["pseudonym"]
        return pick(self.r, key["aliases"]) if x < .97 else key["name"]

    def entries(self, n):
        r, out = self.r, self.S["entries"]
        w = {"shoot": 6, "prep": 3, "post": 3, "move": 2, "wrap": 2, "off": 1}
        nums = [d for d in self.days for _ in range(w[self.days[d]["type"]])]
        kinds = ["jotting"] * 55 + ["fieldnote"] * 24 + ["quote"] * 15 + ["memo"] * 3 + ["question"] * 3
        notes = ["ON"] * 7 + ["MN", "TN", "PN"]
        for i in range(n):
            d = self.days[pick(r, nums)]
            ses = pick(r, self.by_day[d["n"]]) if self.by_day[d["n"]] and r.random() < .85 else None
            lo, hi = (P(ses["starts"]), P(ses["ends"])) if ses else (P(d["starts"]), P(d["ends"]))
            occ = lo + dt.timedelta(seconds=r.randrange(max(60, int((hi - lo).total_seconds()))))
            pool = [p for p in (ses["people"] if ses else self.usable) if p in self.usable and not (p in self.withdrawn_at and occ >= self.withdrawn_at[p])]
            who = r.sample(pool, min(len(pool), r.choice([0, 1, 1, 2, 2]))) if pool else []
            kind = pick(r, kinds)
            sc = pick(r, ses["scenes"]) if ses and ses["scenes"] and r.random() < .8 else None
            body = []
            for _ in range({"jotting": r.randint(1, 2), "quote": 1, "fieldnote": min(40, int(r.lognormvariate(1.7, .6)) + 2), "memo": r.randint(4, 9)}.get(kind, 1)):
                names = [self.called(p) for p in who] + ["someone", "the runner", "a stand-in"]
                body.append(pick(r, EN if r.random() < .55 else ZH).format(p=names[0], q=names[1], s=sc or pick(r, self.scene_ids), n=r.randint(2, 19), k=r.randint(1, 9), pl=self.place[ses["place"]]["name_zh"] if ses and ses["place"] else "外面"))
            txt = pick(r, OPEN.get(kind, [""])).format(t=occ.strftime("%H:%M")) + " ".join(body) + ("”" if kind == "quote" else "")
            late = r.random() < .2
            e = {"id": f"g-{i+1:06d}", "day": d["n"], "kind": kind, "note_type": pick(r, notes) if kind != "memo" else "TN", "occurred_at": occ.isoformat(), "precision": "about" if late else "minute",
                 "created_at": (occ + dt.timedelta(seconds=r.randint(3600, 40000) if late else r.randint(1, 45))).isoformat(), "author": "R1", "device": pick(r, ["d-phone"] * 8 + ["d-tablet", "d-laptop"]), "session": ses["id"] if ses else None,
                 "place": ses["place"] if ses else None, "people": who, "scene": sc, "take": r.randint(1, 9) if sc and r.random() < .5 else None, "codes": sorted(set(self.codes[min(len(self.codes) - 1, int(r.expovariate(.16)))] for _ in range(r.choice([0, 1, 1, 2, 3])))),
                 "lang": ["en", "zh"], "speech": pick(r, ["verbatim", "paraphrase", "recalled"]) if kind == "quote" else None, "sensitivity": "restricted" if r.random() < .03 else "normal", "attachments": [], "text": txt}
            if r.random() < .01: e["occurred_at"] = occ.astimezone(dt.timezone.utc).isoformat()   # same instant, another offset
            if r.random() < .002: e.update(device_clock=(P("2025-01-01T00:00:00+08:00") + dt.timedelta(seconds=i)).isoformat(), clock_suspect=True)
            out.append(e)
        gen = [e for e in out if e["id"].startswith("g-")]
        for k, needle in enumerate(NEEDLES):
            if not gen: break
            hit = r.sample(gen, min(len(gen), 1 + k % 3))
            for e in hit: e["text"] += " " + needle
            self.truth["needles"][needle] = sorted(e["id"] for e in hit)
        if n:  # a memo that links each generated day's first three notes; chains for graph tests
            for d in self.days:
                mine = [e["id"] for e in gen if e["day"] == d]
                self.S["links"] += [{"from": mine[0], "to": x, "rel": "about"} for x in mine[1:4]]

    def edge(self):
        E = {"html": "<script>alert(1)</script> <b>bold</b> &amp; [link](javascript:1)", "csv": "=HYPERLINK(\"x\")", "csv2": "+1 -2 @x \t tab", "quotes": "\"double\" 'single' “弯” 「角」 \\ back / slash", "nl": "line one\r\nline two\n\n\nline five",
             "nfd": unicodedata.normalize("NFD", "naïve façade Ångström"), "rtl": "שלום עולם mixed مرحبا 12:30", "astral": "𠮷野家 㐂 👩🏽‍🎤🎬 🇨🇳", "zero": "zero\u200bwidth\u200djoin\ufeffbom", "long": "长夜 " * 7000, "oneword": "a" * 6000, "empty": "", "space": "   ", "nul_like": "\\u0000 \\x00", "full": "１２：３０ ＡＢＣ　全角", "path": "../../outside.txt  ..\\con.txt", "yaml": "---\nkey: [unclosed\n...", "md": "# heading\n- [ ] todo\n| a | b |\n```"}
        d = self.days[11]
        for i, (k, v) in enumerate(E.items()):
            t = (P(d["starts"]) + dt.timedelta(minutes=5 * i)).isoformat()
            e = {"id": f"x-{i+1:03d}", "day": 11, "kind": "jotting", "note_type": "ON", "occurred_at": t, "precision": "minute", "created_at": t, "author": "R1", "device": "d-phone", "session": None, "place": None, "people": [], "scene": None, "take": None, "codes": [], "lang": [], "speech": None, "sensitivity": "normal", "attachments": [], "text": v}
            self.S["entries"].append(e); self.truth["edge_entries"][k] = e["id"]

    # ------------------------------------------------------------------ media
    def spread(self, n_photo, n_memo):
        """hang generated attachments on generated entries, so that every file has an owner"""
        r, A = self.r, self.S["attachments"]
        gen = [e for e in self.S["entries"] if e["id"].startswith("g-")] or self.S["entries"]
        for i in range(n_photo + n_memo):
            e = pick(r, gen); d = self.days[e["day"]]
            t = P(e["occurred_at"]).astimezone(CN).replace(microsecond=0)
            if i < n_photo:
                full = i < self.a.full_photos
                w, h = (4032, 3024) if full else map(int, self.a.photo_size.split("x"))
                a = {"id": f"ga-{i+1:05d}", "kind": "photo", "day": d["n"], "taken": t.isoformat(), "w": w, "h": h, "orientation": [1, 6, 3, 8, 1, 6, 1, 1, 2, 5, 7, 4][i % 12], "gps": i % 5 != 4, "place": e["place"], "people": [p for p in e["people"]], "caption": "", "recipe": pick(r, ["set", "slate" if d["shoot_day"] else "set", "group", "notebook"])}
            else:
                a = {"id": f"ga-{i+1:05d}", "kind": "audio", "day": d["n"], "recorded": t.isoformat(), "seconds": r.randint(5, self.a.memo_max), "rate": 16000, "channels": 1, "lang": pick(r, ["en", "zh"]), "speech": pick(r, EN if r.random() < .5 else ZH).format(p="one", q="two", s="34-1", n=3, k=2, pl="set")}
            A.append(a); e["attachments"].append(a["id"])

    def photo_bytes(self, a):
        from PIL import Image, ImageDraw, ImageFont, TiffImagePlugin
        F = TiffImagePlugin.IFDRational
        r = random.Random(f"{self.a.seed}/{a['id']}")
        o = a.get("orientation", 1)
        W, H = (a["h"], a["w"]) if o >= 5 else (a["w"], a["h"])          # upright size
        top, bot = [((38, 44, 62), (150, 110, 70)), ((20, 26, 40), (70, 92, 110)), ((196, 186, 168), (120, 104, 88)), ((60, 40, 44), (176, 120, 84))][r.randrange(4)]
        if a["recipe"] == "notebook": top, bot = (236, 228, 208), (214, 204, 182)
        base = Image.new("RGB", (1, 64)); base.putdata([tuple(int(top[c] + (bot[c] - top[c]) * y / 63) for c in range(3)) for y in range(64)])
        low = Image.frombytes("L", (16, 12), r.randbytes(192)).resize((W, H), Image.BICUBIC)
        tile = Image.frombytes("L", (256, 256), r.randbytes(65536)); grain = Image.new("L", (W, H))
        for x in range(0, W, 256):
            for y in range(0, H, 256): grain.paste(tile, (x, y))
        im = Image.blend(Image.blend(base.resize((W, H), Image.BILINEAR), Image.merge("RGB", (low,) * 3), .10), Image.merge("RGB", (grain,) * 3), .05)
        g = ImageDraw.Draw(im); u = min(W, H); faces = []; rec = a["recipe"]
        try: font = lambda z: ImageFont.load_default(size=z); font(12)
        except TypeError: font = lambda z: ImageFont.load_default()
        if rec == "notebook":
            for y in range(int(H * .2), int(H * .95), u // 18): g.line((W * .08, y, W * .94, y), fill=(150, 165, 190), width=2); g.line([(W * .1 + k * u / 60, y - u / 50 + r.randint(-u // 90, u // 90)) for k in range(r.randint(20, 44))], fill=(40, 50, 90), width=max(2, u // 300))
        else:                                                          # a lamp, a floor, stairs, two strips of red tape
            g.polygon([(0, H * .78), (W, H * .70), (W, H), (0, H)], fill=tuple(v // 2 for v in bot))
            for k in range(6): g.rectangle((W * .62 + k * u * .05, H * (.72 - k * .06), W, H * (.78 - k * .06)), fill=tuple(min(255, v + 12 * k) for v in bot), outline=tuple(v // 2 for v in bot))
            g.line((W * .18, H * .6, W * .18, H * .2), fill=(20, 20, 22), width=u // 90); g.ellipse((W * .18 - u * .07, H * .14, W * .18 + u * .07, H * .14 + u * .12), fill=(255, 240, 205))
            for x in (.36, .58): g.rectangle((W * x, H * .1, W * x + u // 60, H * .74), fill=(190, 40, 36))
            for i in range({"group": 9, "ceremony": 3, "set": 2}.get(rec, 0)):
                cx, cy, rad = int(W * (.1 + .09 * i)), int(H * (.5 + .03 * (i % 3))), u // 22
                g.rounded_rectangle((cx - rad * 1.6, cy + rad, cx + rad * 1.6, cy + rad * 6), rad, fill=(30 + 20 * (i % 4), 34, 50))
                g.ellipse((cx - rad, cy - int(rad * 1.3), cx + rad, cy + int(rad * 1.3)), fill=(225, 190, 160), outline=(60, 40, 30), width=3)
                for k in (-1, 1): g.ellipse((cx + k * rad // 2 - 4, cy - rad // 3 - 4, cx + k * rad // 2 + 4, cy - rad // 3 + 4), fill=(20, 20, 20))
                g.arc((cx - rad // 2, cy, cx + rad // 2, cy + rad // 2), 0, 180, fill=(120, 30, 30), width=4); faces.append([cx - rad, cy - int(rad * 1.3), cx + rad, cy + int(rad * 1.3)])
        if rec == "slate":
            sl = a.get("slate") or {"scene": pick(r, self.scene_ids), "take": r.randint(1, 9)}; x, y = W * .22, H * .3
            g.rectangle((x, y, x + W * .56, y + u * .5), fill=(24, 26, 28), outline="white", width=u // 150)
            for k in range(7): g.polygon([(x + k * W * .08, y), (x + k * W * .08 + W * .04, y), (x + k * W * .08 + W * .02, y - u * .06), (x + k * W * .08 - W * .02, y - u * .06)], fill="white")
            g.multiline_text((x + u * .04, y + u * .04), f"SCENE {sl['scene']}\nTAKE  {sl['take']}\nPD{a['day']:02d}  SD{self.days[a['day']]['shoot_day'] or '-'}", fill="white", font=font(u // 11), spacing=u // 40)
        g.text((W * .12, H * .03), f"PD{a['day']:02d} {a['id']}", fill=(60, 60, 60) if rec == "notebook" else "white", font=font(u // 24))
        g.rectangle((0, 0, u // 12, u // 12), fill=(220, 20, 20))           # red corner = upright top left
        T = Image.Transpose
        op = {2: T.FLIP_LEFT_RIGHT, 3: T.ROTATE_180, 4: T.FLIP_TOP_BOTTOM, 5: T.TRANSPOSE, 6: T.ROTATE_90, 7: T.TRANSVERSE, 8: T.ROTATE_270}.get(o)
        st = im.transpose(op) if op is not None else im
        t = P(a["taken"]); off = t.strftime("%z"); off = off[:3] + ":" + off[3:5]; ex = Image.Exif()
        ex[0x0112] = o; ex[0x010F] = "FieldLog"; ex[0x0110] = "Synthetic-1"; ex[0x0132] = t.strftime("%Y:%m:%d %H:%M:%S")
        i = ex.get_ifd(0x8769); i[0x9003] = i[0x9004] = t.strftime("%Y:%m:%d %H:%M:%S"); i[0x9010] = i[0x9011] = off; i[0x9291] = f"{r.randrange(1000):03d}"; i[0xA431] = "SERIAL-0001"
        pl = self.place.get(a.get("place") or "")
        if a.get("gps") and pl and pl["lat"] is not None:
            def dms(v): v = abs(v); return (F(int(v), 1), F(int(v * 60) % 60, 1), F(int(v * 360000) % 6000, 100))
            z = t.astimezone(dt.timezone.utc); q = ex.get_ifd(0x8825)
            q[1], q[2], q[3], q[4] = "N", dms(pl["lat"]), "E", dms(pl["lon"]); q[7] = (F(z.hour, 1), F(z.minute, 1), F(z.second, 1)); q[29] = z.strftime("%Y:%m:%d")
        b = io.BytesIO(); st.save(b, "JPEG", quality=88, exif=ex, progressive=(r.random() < .2))
        self.truth["photos"][a["id"]] = {"upright": [W, H], "faces_upright": faces, "gps": bool(a.get("gps") and pl and pl["lat"] is not None), "taken": a["taken"]}
        return b.getvalue()

    def memo_bytes(self, a):
        rate, secs = a["rate"], a["seconds"]
        if self.a.speech and shutil.which("espeak-ng"):
            p = subprocess.run(["espeak-ng", "-v", "cmn" if a["lang"] == "zh" else "en", "-s", "150", "--stdout", a["speech"]], capture_output=True)
            if p.returncode == 0 and len(p.stdout) > 44:
                pcm = p.stdout[44:]; sr = struct.unpack("<I", p.stdout[24:28])[0]
                self.truth["memos"][a["id"]] = {"seconds": round(len(pcm) / 2 / sr, 3), "rate": sr, "speech": a["speech"]}
                return wav(pcm, sr)
        r = random.Random(f"{self.a.seed}/{a['id']}"); out = array.array("h"); silent = []; q = rate // 4; block = min(secs * 4, 240)
        for k in range(block):
            if r.random() < .25:
                out.extend([0] * q); silent.append(k * .25); continue
            f, amp = r.choice([110, 147, 165, 196, 220, 294]), r.randint(3000, 15000)
            out.extend(int(amp * math.sin(2 * math.pi * f * n / rate) * math.sin(math.pi * n / q)) for n in range(q))
        pcm = out.tobytes(); need = secs * rate * 2
        pcm = (pcm * (need // len(pcm) + 1))[:need]
        self.truth["memos"][a["id"]] = {"seconds": secs, "rate": rate, "silent_quarters_in_first_minute": silent}
        return wav(pcm, rate)

    def write_media(self, out):
        for sub in ("photo", "audio", "document", "bad"): os.makedirs(os.path.join(out, "media", sub), exist_ok=True)
        try: import PIL; have = True
        except ImportError: have = False; print("Pillow missing: no photos", file=sys.stderr)
        for a in self.S["attachments"]:
            if a["kind"] == "photo" and not have: continue
            data, ext = {"photo": lambda: (self.photo_bytes(a), "jpg"), "audio": lambda: (self.memo_bytes(a), "wav"), "document": lambda: (a.get("text", "").encode(), "csv")}[a["kind"]]()
            t = (a.get("taken") or a.get("recorded") or self.days[a["day"]]["starts"])[:19].replace(":", "").replace("T", "_")
            a["file"] = f"media/{a['kind']}/PD{a['day']:02d}_{t}_{a['id']}.{ext}"; a["bytes"] = len(data); a["sha256"] = hashlib.sha256(data).hexdigest()
            with open(os.path.join(out, a["file"]), "wb") as f: f.write(data)

    def write_bad(self, out):
        pcm = array.array("h", (int(8000 * math.sin(n / 9)) for n in range(32000))).tobytes()
        jpg = next((open(os.path.join(out, a["file"]), "rb").read() for a in self.S["attachments"] if a["kind"] == "photo" and a.get("file")), b"\xff\xd8\xff\xe0")
        B = {"zero.jpg": (b"", "refuse, say empty"), "half.jpg": (jpg[:len(jpg) // 2], "keep bytes, show partial, flag damaged"), "text.jpg": (b"not a picture", "keep as document, flag"), "noheader.wav": (b"\0" * 44 + pcm, "repair: 2.0 s at 16 kHz mono given the sidecar"),
             "streamed.wav": (b"RIFF\xff\xff\xff\xffWAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 16000, 32000, 2, 16) + b"data\xff\xff\xff\xff" + pcm, "repair sizes: 2.0 s"), "nomoov.m4a": (b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42" + struct.pack(">I", 8 + len(pcm)) + b"mdat" + pcm, "keep bytes, cannot play, say so"),
             "part.pcm": (pcm[:31999], "recover 0.99 s, drop the odd byte"), "dup_a.csv": (b"same\n", "store once"), "dup_b.csv": (b"same\n", "store once"), "CON.txt": (b"x", "rename on export"), "名字很长" + "长" * 60 + "🎬.txt": (b"x", "shorten, keep extension"), "not-utf8.txt": ("第".encode("gb18030") * 40, "keep bytes, show as GB18030 or binary")}
        try:
            from PIL import Image
            b = io.BytesIO(); Image.new("1", (16000, 16000)).save(b, "PNG"); B["huge.png"] = (b.getvalue(), "256 MP in few bytes: never decode at full size")
            b = io.BytesIO(); Image.new("RGB", (640, 480), "navy").save(b, "PNG"); B["really_png.jpg"] = (b.getvalue(), "detect by content")
        except ImportError: pass
        V = {"zero.jpg": "empty", "half.jpg": "truncated", "text.jpg": "not-what-it-says", "noheader.wav": "repaired", "streamed.wav": "repaired", "nomoov.m4a": "unplayable", "part.pcm": "repaired",
             "dup_b.csv": "duplicate", "CON.txt": "renamed", "huge.png": "too-large", "really_png.jpg": "not-what-it-says"}
        for name, (data, want) in B.items():
            with open(os.path.join(out, "media", "bad", name), "wb") as f: f.write(data)
            verdict = V.get(name, "renamed" if len(name) > 60 else "ok")
            self.truth["bad_media"].append({"file": "media/bad/" + name, "bytes": len(data), "verdict": verdict, "expect": want})
        for name in ("noheader.wav", "part.pcm"):  # what a recorder writes first, before any sound
            with open(os.path.join(out, "media", "bad", name + ".json"), "w") as f: json.dump({"sample_rate": 16000, "channels": 1, "sample_width": 2}, f)

    def ground_truth(self):
        S, T = self.S, self.truth; E = S["entries"]; nf = lambda s: unicodedata.normalize("NFC", s).casefold()
        T["counts"] = {"entries": len(E), "attachments": len(S["attachments"]), "by_day": dict(sorted(collections.Counter(e["day"] for e in E).items())), "by_kind": dict(sorted(collections.Counter(e["kind"] for e in E).items())), "by_code": dict(sorted(collections.Counter(c for e in E for c in e["codes"]).items())), "by_person": dict(sorted(collections.Counter(p for e in E for p in e["people"]).items()))}
        T["search"] = {}
        for q in QUERIES + NEEDLES:
            ids = sorted(e["id"] for e in E if nf(q) in nf(e["text"])); T["search"][q] = {"hits": len(ids), "sha256_of_ids": hashlib.sha256("\n".join(ids).encode()).hexdigest()}
        date2n = {d["date"]: n for n, d in self.days.items()}
        for h in (0, 4, 6): T.setdefault("misfiled_by_boundary_alone", {})[str(h)] = sum(date2n.get((P(e["occurred_at"]).astimezone(CN) - dt.timedelta(hours=h)).date().isoformat()) != e["day"] for e in E)
        att = {a["id"]: a for a in S["attachments"]}
        T["withdrawal"] = {p: {"entries": sorted(e["id"] for e in E if p in e["people"]), "verbatim": sorted(e["id"] for e in E if p in e["people"] and e.get("speech") == "verbatim"), "media": sorted(x for e in E if p in e["people"] for x in e["attachments"] if att[x]["kind"] in ("audio", "photo")), "memos_citing_them": sorted({l["from"] for l in S["links"] for e in E if e["id"] == l["to"] and p in e["people"] and l["rel"] == "paraphrases"})} for p in self.withdrawn_at}
        k = S["identity_key"]["names"]; T["never_in_anonymised_export"] = sorted({n for v in k.values() for n in [v["name"], *v["aliases"]] if n not in v.get("trap", [])}); T["trap_words"] = sorted({t for v in k.values() for t in v.get("trap", [])})
        T["bytes"] = {"text": sum(len(e["text"].encode()) for e in E), "media": sum(a.get("bytes", 0) for a in S["attachments"])}

def wav(pcm, rate):
    b = io.BytesIO()
    with wave.open(b, "wb") as w: w.setnchannels(1); w.setsampwidth(2); w.setframerate(rate); w.writeframes(pcm)
    return b.getvalue()

def main(argv=None):
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--base", default=MONTH); p.add_argument("--out", required=True)
    for n, d in (("entries", 0), ("photos", 0), ("memos", 0), ("full-photos", 2), ("memo-max", 40), ("long-memo", 0), ("seed", 20250303)): p.add_argument("--" + n, type=int, default=d)
    p.add_argument("--photo-size", default="1600x1200"); p.add_argument("--speech", action="store_true"); p.add_argument("--edge", action="store_true"); p.add_argument("--no-media", action="store_true")
    a = p.parse_args(argv)
    with open(a.base, encoding="utf-8") as f: m = Month(json.load(f), a)
    m.entries(a.entries); m.spread(a.photos, a.memos)
    if a.edge: m.edge()
    if a.long_memo: m.S["attachments"].append({"id": "long-1", "kind": "audio", "day": 28, "recorded": "2025-03-30T09:24:00+08:00", "seconds": a.long_memo * 60, "rate": 44100, "channels": 1, "lang": "en", "speech": ""})
    os.makedirs(a.out, exist_ok=True)
    if not a.no_media:
        m.write_media(a.out)
        if a.edge: m.write_bad(a.out)
    m.ground_truth()
    for name, obj in (("month.json", m.S), ("truth.json", m.truth)):
        with open(os.path.join(a.out, name), "w", encoding="utf-8") as f: json.dump(obj, f, ensure_ascii=False, indent=None if a.entries else 1)
    print(json.dumps({"entries": len(m.S["entries"]), "attachments": len(m.S["attachments"]), **m.truth["bytes"], "misfiled_by_boundary_alone": m.truth["misfiled_by_boundary_alone"]}))

if __name__ == "__main__":
    main()

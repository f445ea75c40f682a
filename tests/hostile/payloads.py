"""What has been, or could be, put into a name, a subject or a file name to take a terminal over or deceive a
reader.

`PAYLOADS` is for every place that shows or prints text; tests of mail, portal and command line use it too.
"""

from __future__ import annotations

ESC = "\x1b"

TERMINAL: dict[str, str] = {
    "osc 0 sets the title": f"{ESC}]0;owned\x07",
    "osc 8 makes a link": f"{ESC}]8;;https://evil.example{ESC}\\click{ESC}]8;;{ESC}\\",
    "osc 52 writes the clipboard": f"{ESC}]52;c;ZXZpbA==\x07",
    "osc unterminated": f"{ESC}]0;swallows what follows",
    "dcs": f"{ESC}P+q544e{ESC}\\",
    "dcs unterminated": f"{ESC}Pswallows",
    "apc": f"{ESC}_Gf=100;AAAA{ESC}\\",
    "pm": f"{ESC}^private{ESC}\\",
    "csi clears the screen": f"{ESC}[2J{ESC}[H",
    "csi asks for the cursor": f"{ESC}[6n",
    "csi leaves the alternate screen": f"{ESC}[?1049l",
    "csi turns the mouse on": f"{ESC}[?1003h",
    "csi unterminated": f"{ESC}[38;5;",
    "csi hides text": f"{ESC}[8mhidden{ESC}[0m",
    "c1 csi": "\x9b2J",
    "c1 osc": "\x9d0;owned\x9c",
    "c1 dcs": "\x90+q544e\x9c",
    "c1 apc": "\x9fGa=d\x9c",
    "nel": "one\x85two",
    "ris resets": f"{ESC}c",
    "charset shift": f"{ESC}(0lqqk\x0e",
    "bare escape at the end": f"text{ESC}",
    "bell": "\x07" * 5,
    "backspaces": "good\x08\x08\x08\x08evil",
    "carriage return overwrites": "real text\rfake text",
    "nul": "a\x00b",
    "delete": "a\x7fb",
    "form feed": "a\x0c\x0bb",
    "line feeds": "Subject\nBcc: everyone@example.com\r\nX: y",
    "tabs": "a\tb\t\tc",
}

DECEIVING: dict[str, str] = {
    "bidi override": "invoice\u202efdp.exe",
    "bidi embedding": "\u202a\u202bab\u202c",
    "bidi isolates": "a\u2066b\u2067c\u2068d\u2069e",
    "bidi marks": "a\u200eb\u200fc\u061cd",
    "zero width": "pay\u200bpal\u200c\u200d\u2060\ufeff",
    "invisible operators": "a\u2061\u2062\u2063\u2064b",
    "tag characters": "hi\U000e0068\U000e0069\U000e007f",
    "line and paragraph separators": "a\u2028b\u2029c",
    "soft hyphens": "pass\u00adword",
    "hangul fillers": "a\u3164\u115f\u1160\uffa0b",
    "variation selectors": "a\ufe00\ufe0e\ufe0f\U000e0100b",
    "interlinear annotation": "a\ufff9b\ufffac\ufffb",
    "lone surrogates": "a\ud83db\udc00c",
    "noncharacters": "a\ufffe\uffff\ufdd0b",
    "zalgo": "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a" * 8,
    "marks alone": "\u0301" * 30,
    "hangul pile": "\u1112" + "\u1161" * 40,
    "thai pile": "ก" + "\u0e47" * 40,
}

WIDE: dict[str, str] = {
    "cjk": "株式会社日本語ヘルプデスク東京支店",
    "full-width forms": "ＡＣＭＥ　Ｃｏ．",
    "half-width kana": "ｱｸﾒ ｶﾌﾞｼｷ",
    "combining": "Z\u0307o\u0301\u0142c\u0301 ge\u0328s\u0301la\u0328",
    "hebrew": "חברה לדוגמה בע״מ",
    "arabic with joiner": "می\u200cخواهم شرکت",
    "arabic ligature": "﷽ ﷺ",
    "devanagari": "क्षत्रिय लिमिटेड",
    "zwj family": "👨\u200d👩\u200d👧\u200d👦 Nowak",
    "zwj chain without end": "👩\u200d" * 30,
    "skin tones": "👍🏽👍🏿 ok",
    "flags": "🇵🇱🇺🇦🇵 Anna",
    "heart with selector": "❤\ufe0f ☎\ufe0f 1\ufe0f\u20e3",
    "ambiguous": "§ ± × ÷ … ° │ ─ Ω я",
    "astral letters": "𝔄𝔠𝔪𝔢 𝟙𝟚𝟛",
    "new emoji": "\U0001fae8\U0001fadc",
    "private use": "\ue0b0\U000f0001",
}

MARKUP: dict[str, str] = {
    "closing tag": "[/foo]",
    "closing nothing": "[/]",
    "action link": "[@click=app.quit]press me[/]",
    "rich link": "[link=https://evil.example]bank[/link]",
    "style": "[bold red on white]ALERT[/bold red on white]",
    "looks like a tag": "[EXTERNAL] Invoice [INC-1] [WARN] [#123] Re: hi",
    "template variable": "$name ${name} {name} %s %(name)s",
    "trailing backslash": "C:\\temp\\",
    "escaped bracket": "\\[bold]x\\\\[/bold]",
    "unclosed": "[bold [italic",
    "emoji code": ":warning: :skull:",
    "csv formula": '=HYPERLINK("https://evil.example","x")',
    "html": "<script>alert(1)</script>&#27;[2J&nbsp;",
}

LONG: dict[str, str] = {
    "a megabyte on one line": "long " * 200_000,
    "a megabyte without a space": "x" * 1_000_000,
    "a megabyte of wide": "語" * 350_000,
    "a megabyte of escapes": f"{ESC}[31m" * 200_000,
    "a megabyte of marks": "e" + "\u0301" * 500_000,
    "a megabyte of line feeds": "\n" * 1_000_000 + "end",
}

PAYLOADS: dict[str, str] = TERMINAL | DECEIVING | WIDE | MARKUP | LONG
"""All of them, by a name that a failing test shows."""

"""Languages as media files write them, and as Whisper does: "deu", "ger", "de-AT" are all "de".

Of each its two letters and its codes in ISO 639-2 (of two sets, which Matroska and MP4 both use).
They are those that Whisper knows, and Irish.
"""

import re
from typing import Annotated

from pydantic import AfterValidator

_LANGUAGES = """
af:afr am:amh ar:ara as:asm az:aze ba:bak be:bel bg:bul bn:ben bo:bod,tib br:bre bs:bos ca:cat
cs:ces,cze cy:cym,wel da:dan de:deu,ger el:ell,gre en:eng es:spa et:est eu:eus,baq fa:fas,per fi:fin
fo:fao fr:fra,fre ga:gle gl:glg gu:guj ha:hau haw:haw he:heb hi:hin hr:hrv ht:hat hu:hun hy:hye,arm
id:ind is:isl,ice it:ita ja:jpn jw:jav,jv ka:kat,geo kk:kaz km:khm kn:kan ko:kor la:lat lb:ltz
ln:lin lo:lao lt:lit lv:lav,lvs mg:mlg mi:mri,mao mk:mkd,mac ml:mal mn:mon mr:mar ms:msa,may mt:mlt
my:mya,bur ne:nep nl:nld,dut nn:nno no:nor,nob,nb oc:oci pa:pan pl:pol ps:pus pt:por ro:ron,rum
ru:rus sa:san sd:snd si:sin sk:slk,slo sl:slv sn:sna so:som sq:sqi,alb sr:srp su:sun sv:swe sw:swa
ta:tam te:tel tg:tgk th:tha tk:tuk tl:tgl,fil tr:tur tt:tat uk:ukr ur:urd uz:uzb vi:vie yi:yid
yo:yor yue:yue zh:zho,chi,cmn
"""
_ROWS = [row.split(":") for row in _LANGUAGES.split()]
_TWO = {code: two for two, codes in _ROWS for code in codes.split(",")}
KNOWN = frozenset(_TWO.values())  # the languages, by their two letters


def code(language: str) -> str:
    """The two-letter code of a language tag, or what stands before its first hyphen."""
    first = re.split(r"[-_]", language.strip().lower(), maxsplit=1)[0]
    return _TWO.get(first, first)


def known(language: str) -> str:
    """The two-letter code of a language; raises ValueError."""
    found = code(language)
    if found not in KNOWN:
        raise ValueError('should be a language code like "en"')
    return found


Language = Annotated[str, AfterValidator(known)]

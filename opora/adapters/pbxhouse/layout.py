"""The settings of an exchange for checks, written whole into a scratch folder: paths there, ports on loopback.

The dialplan is the one ``docs/asterisk.md`` asks of a real exchange: lines, queues, a secretary, recordings, ratings.
"""

import secrets
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from opora.adapters.pbxhouse.bring import Programs
from opora.adapters.pbxhouse.certificate import write_certificate

LOOPBACK = "127.0.0.1"
MODULES = (Path(__file__).parent / "modules.txt").read_text().split()  # only these: others would listen on ports


@dataclass(frozen=True, slots=True)
class Agent:
    """An employee's telephone. With a port it is reached there (sipp); without one it registers over a websocket."""

    extension: str
    port: int = 0
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(12))


@dataclass(frozen=True, slots=True)
class Line:
    """A number citizens dial, and the extensions that answer it."""

    number: str
    agents: Sequence[str]
    is_open: bool = True  # while nobody has told it hours; outside of them the secretary answers
    rates: bool = False  # after the talk the citizen presses a key from 1 to 5
    ring_seconds: int = 15
    offers: bool = False  # who waits is told that key 1 asks to be called back


@dataclass(frozen=True, slots=True)
class Ports:
    sip: int
    http: int
    ami: int
    rtp: int  # the first of two hundred
    trunk: int  # where numbers of the city are reached
    wss: int = 0  # where browsers connect


@dataclass(frozen=True, slots=True)
class Layout:
    """All that is written down."""

    folder: Path
    programs: Programs
    ports: Ports
    lines: Sequence[Line]
    agents: Sequence[Agent]
    silence: int = 30  # seconds without a sound from a telephone in the browser, after which it is gone
    ami_secret: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    ari_secret: str = field(default_factory=lambda: secrets.token_urlsafe(18))

    @property
    def configuration(self) -> Path:
        return self.folder / "etc" / "asterisk.conf"

    @property
    def wss(self) -> str:
        """Where a telephone in the browser connects; the certificate is made here, no browser knows who made it."""
        return f"wss://{LOOPBACK}:{self.ports.wss}/ws"

    @property
    def phones(self) -> Path:
        """Secrets of telephones in the browser, as ``OPORA_PBX_PHONES`` wants them."""
        return self.folder / "phones.txt"

    @property
    def log(self) -> Path:
        """The folder of the exchange's own logs: ``cel-custom/opora.csv``, ``queue_log``."""
        return self.folder / "log"

    @property
    def voices(self) -> Path:
        """The folder of recorded talks and messages."""
        return self.folder / "spool" / "recording"

    def write(self) -> None:
        """Write every file."""
        for name in ("etc", "run", "log/cel-custom", "spool/recording", "lib", "data/sounds", "keys/keys"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        data = self.programs.data
        for name in ("documentation", "rest-api", "static-http"):
            self._link(self.folder / "data" / name, data / name)
        self._link(self.folder / "data" / "sounds" / "ru", self.programs.sounds)
        for name in ("opora-welcome", "opora-secretary", "opora-offer", "opora-noted"):
            _silence(self.folder / "data" / "sounds" / f"{name}.wav")
        write_certificate(self.folder / "keys" / "wss.pem")
        self.phones.write_text("".join(f"{agent.extension} {agent.secret}\n" for agent in self.agents))
        for name, text in self._files().items():
            (self.folder / "etc" / name).write_text(text)

    def _link(self, link: Path, to: Path) -> None:
        if to.exists() and not link.is_symlink():
            link.symlink_to(to)

    def _files(self) -> Mapping[str, str]:
        return {
            "asterisk.conf": self._asterisk(),
            "modules.conf": "[modules]\nautoload=no\n" + "".join(f"load={name}.so\n" for name in self._modules()),
            "logger.conf": "[general]\ndateformat=%F %T.%3q\nqueue_log=yes\n"
            "[logfiles]\nmessages=notice,warning,error\n",
            "http.conf": self._http(),
            "manager.conf": self._manager(),
            "ari.conf": f"[general]\nenabled=yes\n[opora]\ntype=user\npassword={self.ari_secret}\n",
            "cel.conf": "[general]\nenable=yes\napps=queue\nevents=ALL\n[manager]\nenabled=yes\n",
            "cel_custom.conf": f"[mappings]\nopora.csv => {CEL_ROW}\n",
            "cdr.conf": "[general]\nenable=yes\nunanswered=yes\n",
            "rtp.conf": f"[general]\nrtpstart={self.ports.rtp}\nrtpend={self.ports.rtp + 199}\nstrictrtp=no\n",
            "musiconhold.conf": f"[default]\nmode=files\ndirectory={self.programs.sounds}\n",
            "pjsip.conf": self._pjsip(),
            "queues.conf": self._queues(),
            "extensions.conf": self._dialplan(),
            "features.conf": "[general]\ntransferdigittimeout=3\n[featuremap]\nblindxfer=>#1\natxfer=>*2\n",
            "indications.conf": TONES,
            "websocket_client.conf": "",
            "queuerules.conf": "",
            "udptl.conf": "",
            "ccss.conf": "",
            "acl.conf": "",
            "pjproject.conf": "",
            "sorcery.conf": "",
            "codecs.conf": "",
            "dnsmgr.conf": "",
        }

    def _modules(self) -> list[str]:
        return [name for name in MODULES if (self.programs.modules / f"{name}.so").exists()]

    def _asterisk(self) -> str:
        places = {
            "astetcdir": "etc",
            "astvarlibdir": "lib",
            "astdbdir": "lib",
            "astkeydir": "keys",
            "astdatadir": "data",
            "astagidir": "lib",
            "astspooldir": "spool",
            "astrundir": "run",
            "astlogdir": "log",
            "astsbindir": "run",
            "astcachedir": "run",
        }
        lines = [f"{name} => {self.folder / place}" for name, place in places.items()]
        lines.append(f"astmoddir => {self.programs.modules}")
        options = "[options]\nhideconnect=yes\nlive_dangerously=no\ndefaultlanguage=ru\nlanguageprefix=yes\n"
        return "[directories]\n" + "\n".join(lines) + "\n" + options

    def _http(self) -> str:
        text = f"[general]\nenabled=yes\nbindaddr={LOOPBACK}\nbindport={self.ports.http}\nsessionlimit=50\n"
        if self.ports.wss:
            text += f"tlsenable=yes\ntlsbindaddr={LOOPBACK}:{self.ports.wss}\n"
            text += f"tlscertfile={self.folder}/keys/wss.pem\n"
        return text

    def _manager(self) -> str:
        return (
            f"[general]\nenabled=yes\nbindaddr={LOOPBACK}\nport={self.ports.ami}\ntimestampevents=yes\n"
            f"[opora]\nsecret={self.ami_secret}\npermit={LOOPBACK}/255.255.255.255\n"
            "read=system,call,agent,user\nwrite=call,agent,originate,reporting,system\n"
        )

    def _pjsip(self) -> str:
        parts = [
            f"[global]\ntype=global\nendpoint_identifier_order=username,ip\nuser_agent=Opora\n"
            f"[udp]\ntype=transport\nprotocol=udp\nbind={LOOPBACK}:{self.ports.sip}\n"
            f"[ws]\ntype=transport\nprotocol=ws\nbind={LOOPBACK}\n"
            "[city]\ntype=endpoint\ncontext=from-citizens\ndisallow=all\nallow=alaw,ulaw\ndirect_media=no\n"
            "transport=udp\naors=city\ntrust_id_inbound=yes\ndtmf_mode=auto_info\n"
            f"[city]\ntype=aor\ncontact=sip:{LOOPBACK}:{self.ports.trunk}\n"
            f"[city]\ntype=identify\nendpoint=city\nmatch={LOOPBACK}\n"
        ]
        for agent in self.agents:
            name = agent.extension
            common = f"[{name}]\ntype=endpoint\ncontext=from-agents\ndisallow=all\ndirect_media=no\naors={name}\n"
            if agent.port:
                parts.append(f"{common}allow=alaw,ulaw\ntransport=udp\n")
                parts.append(f"[{name}]\ntype=aor\ncontact=sip:{name}@{LOOPBACK}:{agent.port}\n")
            else:
                parts.append(f"{common}allow=opus,alaw,ulaw\nwebrtc=yes\nauth={name}\n")
                parts.append(f"rtp_timeout={self.silence}\nrtp_timeout_hold=3600\n")
                parts.append(f"media_address={LOOPBACK}\nbind_rtp_to_media_address=yes\n")
                parts.append(f"[{name}]\ntype=auth\nusername={name}\npassword={agent.secret}\n")
                parts.append(f"[{name}]\ntype=aor\nmax_contacts=1\nremove_existing=yes\n")
        return "".join(parts)

    def _queues(self) -> str:
        parts = ["[general]\npersistentmembers=no\nautofill=yes\nshared_lastcall=yes\nlog_membername_as_agent=no\n"]
        for line in self.lines:
            members = "".join(f"member => PJSIP/{extension}\n" for extension in line.agents)
            parts.append(
                f"[{line.number}]\nstrategy=rrmemory\ntimeout={line.ring_seconds}\nretry=1\nringinuse=no\n"
                f"announce-position=yes\nannounce-frequency=30\nannounce-holdtime=no\njoinempty=yes\n"
                f"{OFFER if line.offers else ''}"
                f"leavewhenempty=no\nsetinterfacevar=yes\nmusicclass=default\nwrapuptime=0\n{members}"
            )
        return "".join(parts)

    def _dialplan(self) -> str:
        parts = ["[general]\nstatic=yes\nwriteprotect=yes\n[from-citizens]\n"]
        parts += [
            f"exten => {line.number},1,NoOp\n{WELCOME}{_hours(line)}{_queue(line)}{_secretary(line)}"
            for line in self.lines
        ]
        agents = "".join(
            f"exten => {agent.extension},1,Dial(PJSIP/{agent.extension},30,tT)\n{RETURNS}" for agent in self.agents
        )
        lines = "".join(
            f"exten => {line.number},1,Set(OPORA_LINE={line.number})\n"
            f" same => n,Queue({line.number},tT)\n same => n,Hangup\n"
            for line in self.lines
            if line.is_open
        )
        return "".join(parts) + f"[colleagues]\n{agents}{lines}" + REST


# One row of CEL: the same fields that AMI tells. Quoted, because a caller's name may hold a comma.
CEL_ROW = ",".join(
    f"${{CSV_QUOTE(${{{name}}})}}"
    for name in (
        "eventtype",
        "eventtime",
        "CALLERID(num)",
        "CHANNEL(exten)",
        "CHANNEL(context)",
        "CHANNEL(channame)",
        "CHANNEL(appname)",
        "CHANNEL(appdata)",
        "CHANNEL(uniqueid)",
        "CHANNEL(linkedid)",
        "BRIDGEPEER",
        "userdeftype",
        "eventextra",
    )
)
WELCOME = (
    " same => n,Answer\n same => n,Set(OPORA_LINE=${EXTEN})\n same => n,Set(FILE=${UNIQUEID}.wav)\n"
    " same => n,Playback(opora-welcome)\n"
)
# Handed over to where nobody answers, a citizen goes back to his line before everybody who waits there.
RETURNS = (
    ' same => n,GotoIf($["${DIALSTATUS}" = "ANSWER" | "${OPORA_LINE}" = ""]?over)\n'
    " same => n,Set(QUEUE_PRIO=10)\n same => n,Queue(${OPORA_LINE},tT)\n same => n(over),Hangup\n"
)
OFFER = "context=opora-offer\nperiodic-announce=opora-offer\nperiodic-announce-frequency=20\n"
RECORDS = (
    " same => n,MixMonitor(${ASTSPOOLDIR}/recording/${FILE},b)\n"
    " same => n,Set(CHANNEL(hangup_handler_push)=recorded,s,1)\n"
)
SECRETARY = (
    " same => n,Set(CHANNEL(hangup_handler_push)=secretary,s,1)\n"
    " same => n,Playback(opora-secretary)\n"
    " same => n,Record(${ASTSPOOLDIR}/recording/${FILE},3,60,k)\n"
    " same => n,Hangup\n"
)
TONES = """[general]
country=ru
[ru]
description=Russian Federation
ringcadence=1000,4000
dial=425
busy=425/350,0/350
ring=425/1000,0/4000
congestion=425/175,0/175
callwaiting=425/200,0/5000
dialrecall=425/400,0/40
record=1400/400,0/15000
info=950/330,1400/330,1800/330,0/1000
stutter=!425/100,!0/100,425
"""
REST = """
[opora-hours]
exten => _X.,1,Set(KNOWN=${DB(opora/hours/${EXTEN})})
 same => n,GotoIf($[${EPOCH} >= 0${CUT(KNOWN,:,1)}]?unknown)
 same => n,Set(SPANS=${CUT(KNOWN,:,2)})
 same => n(next),GotoIf($["${SPANS}" = ""]?closed)
 same => n,Set(SPAN=${SHIFT(SPANS)})
 same => n,GotoIf($[${EPOCH} < ${CUT(SPAN,-,1)} | ${EPOCH} >= ${CUT(SPAN,-,2)}]?next)
 same => n,Return(1)
 same => n(closed),Return(0)
 same => n(unknown),Return(${ARG1})
[secretary]
exten => s,1,CELGenUserEvent(OPORA_SECRETARY,${FILE})
 same => n,Return
[recorded]
exten => s,1,ExecIf($["${MEMBERINTERFACE}${DIALEDPEERNAME}" != ""]?CELGenUserEvent(OPORA_RECORDED,${FILE}))
 same => n,Return
[from-agents]
include => colleagues
exten => _X.,1,CELGenUserEvent(OPORA_OUT,${OPORA_REFERENCE})
 same => n,Set(FILE=${UNIQUEID}.wav)
 same => n,MixMonitor(${ASTSPOOLDIR}/recording/${FILE},b)
 same => n,Set(CHANNEL(hangup_handler_push)=recorded,s,1)
 same => n,Dial(PJSIP/${EXTEN}@city,60,T)
 same => n,Hangup
[opora-offer]
exten => 1/_XXXXXXXXX.,1,CELGenUserEvent(OPORA_CALLBACK)
 same => n,Playback(opora-noted)
 same => n,Hangup
exten => 1/_+XXXXXXXXX.,1,CELGenUserEvent(OPORA_CALLBACK)
 same => n,Playback(opora-noted)
 same => n,Hangup
[opora-holding]
exten => citizen,1,CELGenUserEvent(OPORA_HELD)
 same => n,MusicOnHold
exten => agent,1,Wait(3600)
exten => left,1,ExecIf($["${OPORA_HOLDS}" != ""]?ChannelRedirect(${OPORA_HOLDS},opora-holding,back,1))
 same => n,Set(OPORA_HOLDS=)
 same => n,Return
exten => back,1,Set(TRIES=0)
 same => n(again),MusicOnHold(default,1)
 same => n,Dial(PJSIP/${OPORA_AGENT},15,tTm)
 same => n,Set(TRIES=$[${TRIES} + 1])
 same => n,GotoIf($[("${DIALSTATUS}" = "CHANUNAVAIL" | "${DIALSTATUS}" = "CONGESTION") & ${TRIES} < 10]?again)
 same => n,GotoIf($["${DIALSTATUS}" = "ANSWER" | "${OPORA_LINE}" = ""]?over)
 same => n,Set(QUEUE_PRIO=10)
 same => n,Queue(${OPORA_LINE},tT)
 same => n(over),Hangup
exten => resume,1,Set(OPORA_HOLDS=)
 same => n,CELGenUserEvent(OPORA_RESUMED)
 same => n,Bridge(${OPORA_PEER},tT)
 same => n,Hangup
"""


def _rule(line: Line, when: str) -> str:
    """Read a rule of overflow into a variable of its name: ``TO:SECONDS:UNTIL``, empty for none."""
    return f" same => n,Set({when.upper()}=${{DB(opora/overflow/{line.number}/{when})}})\n"


def _stands(when: str) -> str:
    return f"${{EPOCH}} < 0${{CUT({when.upper()},:,3)}}"


def _hours(line: Line) -> str:
    """Ask whether the line is open; a real exchange asks its own clock (``IFTIME``) where it knows nothing."""
    ask = f" same => n,Gosub(opora-hours,{line.number},1({int(line.is_open)}))\n"
    return ask + ' same => n,GotoIf($["${GOSUB_RETVAL}" != "1"]?secretary)\n'


def _secretary(line: Line) -> str:
    asks = _rule(line, "closed").removeprefix(" same => n,")
    jump = f" same => n,GotoIf($[{_stands('closed')}]?closed)\n"
    records = RECORDS.removeprefix(" same => n,")
    over = f" same => n(closed),{records} same => n,Queue(${{CUT(CLOSED,:,1)}},tT)\n same => n,Hangup\n"
    return f" same => n(secretary),{asks}{jump}{SECRETARY}{over}"


def _queue(line: Line) -> str:
    goes_on = "c" if line.rates else ""
    is_nobody = f"{_stands('nobody')} & ${{QUEUE_MEMBER({line.number},free)}} = 0"
    text = (
        _rule(line, "nobody") + _rule(line, "waits") + RECORDS + f" same => n,GotoIf($[{is_nobody}]?nobody)\n"
        f" same => n,Set(PATIENCE=${{IF($[{_stands('waits')}]?${{CUT(WAITS,:,2)}}:)}})\n"
        f" same => n,Queue({line.number},tT{goes_on},,,${{PATIENCE}})\n"
        ' same => n,GotoIf($["${QUEUESTATUS}" = "TIMEOUT" & "${PATIENCE}" != ""]?waits)\n'
    )
    if line.rates:
        text += ' same => n,Read(SCORE,beep,1,,1,5)\n same => n,ExecIf($["${SCORE}" != ""]?'
        text += "CELGenUserEvent(OPORA_RATED,${SCORE}))\n"
    text += " same => n,Hangup\n"
    for when in ("nobody", "waits"):
        text += f" same => n({when}),Queue(${{CUT({when.upper()},:,1)}},tT)\n same => n,Hangup\n"
    return text


def _silence(file: Path) -> None:
    """Write half a second of silence where a real centre speaks: its greeting with the notice of recording."""
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\0" * 4000)

"""Against somebody else's SMPP: the server and the client of ``smpp34``, which know nothing of us."""

import asyncio
from uuid import uuid4

import smpp34

from opora.adapters.sms_smpp.gateway import SmppGateway
from opora.adapters.smsc.process import SmscProcess
from opora.channels.ports import Accepted, Answer, IncomingReceipt, Outgoing, Refused
from opora.channels.words import State

TEXT = "Приглашаем на диспансеризацию, приём ведёт терапевт. Возьмите паспорт и полис ОМС."


async def serve(server: smpp34.Server, submitted: list[smpp34.SubmitSmEvent]) -> None:
    """Take everything but numbers on 4; a receipt in words follows."""
    lines: dict[str, smpp34.Esme] = {}
    while True:
        event = await server.next()
        if isinstance(event, smpp34.Esme):
            lines[event.session_id] = event
        elif isinstance(event, smpp34.SubmitSmEvent):
            submitted.append(event)
            if event.destination_addr.endswith("4"):
                event.reject(smpp34.ESME_RINVDSTADR)
                continue
            event.accept(message_id=f"m{len(submitted)}")
            words = f"id:m{len(submitted)} sub:001 dlvrd:001 submit date:2611220930 done date:2611220931 stat:DELIVRD"
            await lines[event.session_id].deliver_sm(
                source_addr=event.destination_addr,
                destination_addr=event.source_addr,
                esm_class=4,
                short_message=words.encode(),
            )


def test_our_session_with_their_server() -> None:
    submitted: list[smpp34.SubmitSmEvent] = []
    told: list[IncomingReceipt] = []

    async def hear(batch: list[IncomingReceipt]) -> None:
        told.extend(batch)

    async def run() -> list[Answer]:
        port = free_port()
        server = smpp34.Server(host="127.0.0.1", port=port)
        await server.start()
        serving = asyncio.create_task(serve(server, submitted))
        async with SmppGateway().session(SmscProcess(port=port).link(), hear) as session:
            answers = await session.send_all(
                [Outgoing(uuid4(), "79130000001", TEXT), Outgoing(uuid4(), "79130000004", "Нет")]
            )
            async with asyncio.timeout(10):
                while sum(one.state == State.DELIVERED for one in told) < 2:
                    await asyncio.sleep(0.01)
        serving.cancel()
        await server.stop()
        return answers

    taken, refused = asyncio.run(run())
    assert isinstance(taken, Accepted)
    assert len(taken.message_ids) == 2
    assert isinstance(refused, Refused)
    assert refused.is_permanent
    parts = sorted((one.short_message for one in submitted if one.esm_class == 0x40), key=lambda body: body[5])
    assert b"".join(body[6:] for body in parts).decode("utf-16-be") == TEXT
    assert {(one.source_addr, one.source_addr_ton, one.dest_addr_ton) for one in submitted} == {("Opora", 5, 1)}
    assert [one.state for one in told if one.reference == taken.reference].count(State.DELIVERED) == 2


def test_their_client_with_our_centre() -> None:
    async def run(port: int) -> tuple[str | None, int, bytes, dict[int, bytes]]:
        client = smpp34.Client("127.0.0.1", port, "opora", "opora", bind_type="TRX")
        line = await client.connect()
        taken = await line.submit_sm("79130000001", "Да".encode("utf-16-be"), data_coding=8, registered_delivery=1)
        refused = await line.submit_sm("79130000904", b"no", registered_delivery=1)
        async with asyncio.timeout(10):
            receipt = await line.next()
        assert isinstance(receipt, smpp34.DeliverSmEvent)
        await line.unbind()
        tlvs = {tlv.tag: tlv.value for tlv in receipt.tlvs}
        return taken.message_id, refused.command_status, receipt.short_message, tlvs

    with SmscProcess(receipt_seconds=0.05) as smsc:
        message_id, status, words, tlvs = asyncio.run(run(smsc.port))
    assert message_id
    assert status == smpp34.ESME_RINVDSTADR
    assert words.startswith(f"id:{message_id} ".encode())
    assert b"stat:DELIVRD" in words
    assert tlvs[smpp34.TLV_RECEIPTED_MESSAGE_ID].rstrip(b"\0").decode() == message_id
    assert tlvs[smpp34.TLV_MESSAGE_STATE] == b"\x02"


def free_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])

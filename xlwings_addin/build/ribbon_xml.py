"""The ribbon's XML, out of the `@button` declarations."""

from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree as ET

from xlwings_addin.ribbon import BUTTONS, TAB, TAB_KEYTIP, Button, in_ribbon_order, load

NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
PART = "customUI/customUI14.xml"
RELATIONSHIP = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
CALLBACK = "ArRibbon.Pressed"


def declared() -> list[Button]:
    """Return every button of the product, in the order of the ribbon."""
    load()
    return in_ribbon_order(BUTTONS)


def ribbon_xml(buttons: Iterable[Button] | None = None) -> bytes:
    """Return the ribbon part of the add-in; `buttons` stand as they shall appear, group by group."""
    root = ET.Element("customUI", xmlns=NAMESPACE)
    tabs = ET.SubElement(ET.SubElement(root, "ribbon"), "tabs")
    tab = ET.SubElement(tabs, "tab", id="receivables", label=TAB, keytip=TAB_KEYTIP)
    for number, (label, members) in enumerate(
        groupby(declared() if buttons is None else buttons, key=lambda one: one.group), 1
    ):
        group = ET.SubElement(tab, "group", id=f"group{number}", label=label)
        for one in members:
            _add(group, one)
    ET.indent(root)
    xml: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml + b"\n"


def _add(group: ET.Element, one: Button) -> None:
    if not one.menu:
        ET.SubElement(group, "button", _attributes(one), keytip=one.keytip, size=one.size)
        return
    split = ET.SubElement(group, "splitButton", id=f"{one.id}-split", keytip=one.keytip, size=one.size)
    ET.SubElement(split, "button", _attributes(one))
    menu = ET.SubElement(split, "menu", id=f"{one.id}-menu")
    for entry in one.menu:
        ET.SubElement(
            menu,
            "button",
            id=one.entry_id(entry),
            label=entry.label,
            screentip=f"{one.label}: {entry.label}",
            supertip=entry.supertip or one.supertip,
            onAction=CALLBACK,
        )


def _attributes(one: Button) -> dict[str, str]:
    return {
        "id": one.id,
        "label": one.label,
        "imageMso": one.icon,
        "screentip": one.screentip,
        "supertip": one.supertip,
        "onAction": CALLBACK,
    }

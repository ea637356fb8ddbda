class Line:
    value: object

class Component:
    contents: dict[str, list[Line]]
    vevent_list: list[Component]

def readOne(stream: str) -> Component: ...

"""Was the story told as promised: one message for the failure, one for its end, on each channel?"""

FRIDGES = ("triton1", "triton2")


def complete(mails, posts):
    return len(mails) >= 2 and len(posts) >= 2


def faults(mails, posts):
    """Sentences; none where everything is as it should be."""
    found = []
    for what, count in (("mails", len(mails)), ("webhooks", len(posts))):
        if count != 2:
            found.append(f"{count} {what} arrived, expected 2: the failure and its end")
    for number, mail in enumerate(mails[:2]):
        for fridge in FRIDGES:
            if fridge not in mail.header("Subject") + mail.text:
                found.append(f"mail {number + 1} does not name {fridge}")
    for number, post in enumerate(posts[:2]):
        for fridge in FRIDGES:
            if fridge not in str(post):
                found.append(f"webhook {number + 1} does not name {fridge}")
    if len(mails) == 2 and mails[0].header("Message-ID") not in mails[1].header("References"):
        found.append("the mail about the end does not stand in the thread of the first")
    return found

"""Comments under posts: a stranger is shown the way in, whom the bot may write to is written to."""

import pytest

from tests.acceptance.posts import POSTS
from tests.acceptance.refusals import check_nothing_refused
from tests.acceptance.sides import NOON, PERSON, STRANGER

QUESTION = "Что за продукт вам интересен?"


@pytest.fixture(params=sorted(POSTS))
async def posted(request, open_stage):
    """A stage of `gifts` with a post that people comment."""
    async with open_stage(request.param, "gifts", NOON) as stage:
        post = POSTS[request.param](stage.side)
        await stage.hear()
        yield stage, post


@pytest.mark.parametrize("text", ["Хочу!", "+", "я тоже хочу такой"])
async def test_a_stranger_gets_the_link_under_the_comment(posted, text):
    stage, post = posted
    number = post.comment(STRANGER, text)
    await stage.hear()
    ((under, words),) = post.answers()
    assert under == number
    assert words.endswith(post.link)
    assert post.private(STRANGER) == []
    check_nothing_refused(stage)


async def test_who_follows_the_link_is_welcome(posted):
    stage, post = posted
    post.comment(STRANGER, "хочу")
    await stage.hear()
    post.follow(STRANGER)
    await stage.hear()
    greeting, question = post.private(STRANGER)
    assert greeting.startswith("Здравствуйте, Вера!")
    assert question == QUESTION


async def test_who_may_be_written_to_is_answered_in_private(posted):
    stage, post = posted
    await stage.do(("type", "привет"))
    assert post.private(PERSON)[-1] == QUESTION
    before = len(post.private(PERSON))
    post.comment(PERSON, "Хочу!")
    await stage.hear()
    assert post.private(PERSON)[before:] == [QUESTION]
    assert post.answers() == []
    check_nothing_refused(stage)


async def test_other_comments_are_none_of_the_bots_business(posted):
    stage, post = posted
    post.comment(STRANGER, "Красиво, спасибо")
    await stage.hear()
    assert post.answers() == []
    assert post.private(STRANGER) == []


async def test_the_community_does_not_answer_itself(posted):
    stage, post = posted
    post.comment(STRANGER, "хочу")
    await stage.hear()
    await stage.hear()
    assert len(post.answers()) == 1

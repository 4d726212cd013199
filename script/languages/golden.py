"""Writes Tests/LanguagesTests/Goldens/jieba.txt: golden.py JIEBA_SOURCE_DIR   (the unpacked source package, with its test/)

jieba's own test sentences and a few hard cases; a line each: the sentence, U+001E, its words between U+001F."""
import logging, os, re, sys

sys.path.insert(0, sys.argv[1])
import jieba

HARD = ["AT&T和C++以及B超、3.14%的涨幅-1.5", "ABC123.5%abc_def-ghi", "。。。！！", "　全角空格　和\t制表", "龘龘龘靐齉", "张三丰李四光王麻子",
        "hello world", "1.2.3.4 a.b", "在９０年代ＡＢＣ", "ｶﾀｶﾅ カタカナ ひらがな漢字", "😀笑😀哭", "㐀㐁𠀀𠀁", "百分之50%的人+1", "%", "#", "..", "a.", ".5"]


def main():
    jieba.setLogLevel(logging.WARNING)
    sentences = []
    folder = os.path.join(sys.argv[1], "test")
    for name in ("test.py", "test_cut_for_search.py", "test_tokenize.py", "test_pos.py", "test_userdict.py"):
        text = open(os.path.join(folder, name), encoding="utf-8").read()
        sentences += re.findall(r"\(\s*u?[\"'](.*?)[\"']\s*\)", text)
    target = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Tests", "LanguagesTests", "Goldens", "jieba.txt")
    with open(target, "w", encoding="utf-8") as to:
        for sentence in dict.fromkeys(sentences + HARD):
            if sentence and "\n" not in sentence: to.write(sentence + "\x1e" + "\x1f".join(jieba.cut(sentence)) + "\n")


if __name__ == "__main__": main()

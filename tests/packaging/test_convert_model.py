#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""packaging/convert_model.py by its exit statuses, messages and results. What needs torch is skipped with its reason where it is absent.

    python tests/packaging/test_convert_model.py [SHORTLIST_CLI]
"""
import importlib.util
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parent.parent.parent / "packaging/convert_model.py"
CLI = sys.argv.pop(1) if len(sys.argv) > 1 else ""
HAS_TORCH = all(importlib.util.find_spec(name) for name in ("torch", "torchvision", "safetensors"))
needs_torch = unittest.skipUnless(HAS_TORCH, "torch, torchvision or safetensors is not installed for this Python")


def convert(*args) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, SCRIPT, *map(str, args)], capture_output=True, text=True)


class ConvertModelTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.dir = Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def refused(self, why: str, *args):
        result = convert(*args)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn(why, result.stderr)
        self.assertNotIn("Traceback", result.stderr)
        self.assertEqual(list(self.dir.glob("out*")), [])

    def test_refusals_that_need_nothing(self):
        self.refused("does not exist", self.dir / "absent.pth", self.dir / "out")
        (self.dir / "there").mkdir()
        self.refused("exists already", self.dir / "there", self.dir / "there")
        self.refused("no config.json", self.dir / "there", self.dir / "out")

    @needs_torch
    def test_torchvision_file_known_by_its_name(self):
        import torch
        import torchvision
        from safetensors.torch import load_file
        model = torchvision.models.resnet18()
        file = self.dir / torchvision.models.ResNet18_Weights.IMAGENET1K_V1.url.rsplit("/", 1)[-1]
        torch.save(model.state_dict(), file)
        result = convert(file, self.dir / "out")
        self.assertEqual(result.returncode, 0, result.stderr)
        config = json.loads((self.dir / "out/config.json").read_text())
        self.assertEqual((config["architecture"], config["num_classes"], config["label_names"][0]), ("resnet18", 1000, "tench"))
        self.assertEqual(int(224 / config["pretrained_cfg"]["crop_pct"]), 256)
        for name, value in load_file(self.dir / "out/model.safetensors").items():
            self.assertTrue(torch.equal(value, model.state_dict()[name]), name)
        if CLI:
            info = json.loads(subprocess.run([CLI, "models", "info", self.dir / "out", "--device", "cpu", "--format", "json"], capture_output=True, text=True, check=True).stdout)
            self.assertEqual((info["family"], info["classes"], info["labels"][1]), ("resnet", 1000, "goldfish"))

    @needs_torch
    def test_wrapped_weights_with_labels(self):
        import torch
        import torchvision
        model = torchvision.models.squeezenet1_1(num_classes=3)
        torch.save({"epoch": 3, "state_dict": {"module." + name: value for name, value in model.state_dict().items()}}, self.dir / "mine.pth")
        (self.dir / "labels.txt").write_text("hen\nowl\nkite\n")
        self.refused("--architecture", self.dir / "mine.pth", self.dir / "out")
        result = convert(self.dir / "mine.pth", self.dir / "out", "--architecture", "squeezenet1_1", "--labels", self.dir / "labels.txt", "--size", "96")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("preprocessing is not known", result.stderr)
        config = json.loads((self.dir / "out/config.json").read_text())
        self.assertEqual((config["label_names"], config["pretrained_cfg"]["input_size"]), (["hen", "owl", "kite"], [3, 96, 96]))
        (self.dir / "labels.txt").write_text("hen\nowl\n")
        (self.dir / "out").rename(self.dir / "done")
        self.refused("names 2 classes, the weights have 3", self.dir / "mine.pth", self.dir / "out", "--architecture", "squeezenet1_1", "--labels", self.dir / "labels.txt")

    @needs_torch
    def test_directory_with_a_pickle(self):
        import torch
        source = self.dir / "source"
        source.mkdir()
        (source / "config.json").write_text("{}")
        shared = torch.ones(4)
        torch.save({"a.weight": shared, "b.weight": shared, "c": torch.zeros(2, 3).t()}, source / "pytorch_model.bin")
        (source / "training_args.bin").write_bytes(b"x")
        result = convert(source, self.dir / "out")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(sorted(file.name for file in (self.dir / "out").iterdir()), ["config.json", "model.safetensors"])

    @needs_torch
    def test_code_is_never_run(self):
        import pickle
        import torch
        marker = self.dir / "marker"

        class Evil:
            def __reduce__(self):
                return (open, (str(marker), "w"))

        torch.save({"state_dict": Evil()}, self.dir / "evil.pth")
        self.refused("cannot be read as plain weights", self.dir / "evil.pth", self.dir / "out", "--architecture", "resnet18")
        (self.dir / "plain.pth").write_bytes(pickle.dumps(Evil()))
        self.refused("cannot be read as plain weights", self.dir / "plain.pth", self.dir / "out", "--architecture", "resnet18")
        self.assertFalse(marker.exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)

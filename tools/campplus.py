"""CAM++ (Wang et al. 2023, arXiv:2303.00332) in torch, as far as its published weights need it.

The layers have the names that 3D-Speaker gave them, so that its checkpoint loads unchanged.
"""

from collections import OrderedDict

import torch
from torch import nn
from torch.nn import functional

MELS, SIZE = 80, 192
WIDTH, GROWTH = 128, 32
BLOCKS = ((12, 1), (24, 2), (16, 2))  # layers, dilation
CONTEXT = 100  # frames whose mean a layer weighs its channels by


def normal(channels: int, affine: bool = True) -> nn.Sequential:
    """Batch norm and ReLU."""
    return nn.Sequential(
        OrderedDict(batchnorm=nn.BatchNorm1d(channels, affine=affine), relu=nn.ReLU())
    )


class Residual(nn.Module):
    """Two convolutions over time and bands; `stride` is that of the bands."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, (stride, 1), 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut = nn.Sequential()
        if stride > 1:
            one = nn.Conv2d(channels, channels, 1, (stride, 1), bias=False)
            self.shortcut = nn.Sequential(one, nn.BatchNorm2d(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(out + self.shortcut(x))


class Head(nn.Module):
    """The bands folded to an eighth."""

    def __init__(self, channels: int = 32) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.layer1 = nn.Sequential(Residual(channels, 2), Residual(channels, 1))
        self.layer2 = nn.Sequential(Residual(channels, 2), Residual(channels, 1))
        self.conv2 = nn.Conv2d(channels, channels, 3, (2, 1), 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.bn1(self.conv1(x.unsqueeze(1))))
        x = torch.relu(self.bn2(self.conv2(self.layer2(self.layer1(x)))))
        return x.flatten(1, 2)


class Cam(nn.Module):
    """A convolution whose channels are weighed by the context: all of it, and CONTEXT frames."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.linear_local = nn.Conv1d(channels, GROWTH, 3, 1, dilation, dilation, bias=False)
        self.linear1 = nn.Conv1d(channels, channels // 2, 1)
        self.linear2 = nn.Conv1d(channels // 2, GROWTH, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        near = functional.avg_pool1d(x, CONTEXT, CONTEXT, ceil_mode=True)
        near = near.unsqueeze(-1).expand(-1, -1, -1, CONTEXT).flatten(2)[..., : x.shape[-1]]
        context = x.mean(-1, keepdim=True) + near
        weight = torch.sigmoid(self.linear2(torch.relu(self.linear1(context))))
        return self.linear_local(x) * weight


class Dense(nn.Module):
    """One layer of a block: its input with GROWTH channels more."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1 = normal(channels)
        self.linear1 = nn.Conv1d(channels, 4 * GROWTH, 1, bias=False)
        self.nonlinear2 = normal(4 * GROWTH)
        self.cam_layer = Cam(4 * GROWTH, dilation)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        more = self.cam_layer(self.nonlinear2(self.linear1(self.nonlinear1(x))))
        return torch.cat([x, more], dim=1)


class Pointwise(nn.Module):
    """From one number of channels to another, frame by frame, normalised before or after."""

    def __init__(self, before: int, after: int, last: bool = False) -> None:
        super().__init__()
        self.last = last
        self.linear = nn.Conv1d(before, after, 1, bias=False)
        self.nonlinear = normal(after, affine=False) if last else normal(before)
        if last:
            self.nonlinear = self.nonlinear[:1]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.nonlinear(self.linear(x)) if self.last else self.linear(self.nonlinear(x))


class Tdnn(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(channels, WIDTH, 5, 2, 2, bias=False)
        self.nonlinear = normal(WIDTH)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.nonlinear(self.linear(x))


class Statistics(nn.Module):
    """Mean and standard deviation over time."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mean = x.mean(-1, keepdim=True)
        frames = x.shape[-1]
        spread = ((x - mean).square().sum(-1, keepdim=True) / (frames - 1)).sqrt()
        return torch.cat([mean, spread], dim=1)


class CamPlusPlus(nn.Module):
    """(windows, frames, MELS) of log mel energies less each band's mean -> (windows, SIZE)."""

    def __init__(self) -> None:
        super().__init__()
        self.head = Head()
        self.xvector = nn.Sequential(OrderedDict(tdnn=Tdnn(32 * MELS // 8)))
        channels = WIDTH
        for number, (layers, dilation) in enumerate(BLOCKS, 1):
            block = nn.Sequential()
            for layer in range(layers):
                block.add_module(f"tdnnd{layer + 1}", Dense(channels + layer * GROWTH, dilation))
            channels += layers * GROWTH
            self.xvector.add_module(f"block{number}", block)
            self.xvector.add_module(f"transit{number}", Pointwise(channels, channels // 2))
            channels //= 2
        self.xvector.add_module("out_nonlinear", normal(channels))
        self.xvector.add_module("stats", Statistics())
        self.xvector.add_module("dense", Pointwise(2 * channels, SIZE, last=True))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return self.xvector(self.head(features.transpose(1, 2))).squeeze(-1)
